"""Questionnaire: the questions of a form. https://hl7.org/fhir/R4/questionnaire.html"""

from typing import Final

from app.fhir import levels
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import COMMON, IDENTIFIER

QUESTIONNAIRE: Final = ResourceDefinition(
    type="Questionnaire",
    level=levels.OPEN,
    documentation=(
        "The questions of a form, of which QuestionnaireResponses hold the answers: a carer's assessment, what a "
        "patient wishes others to know. It belongs to no patient's record. Kith brings none along: a team sends the "
        "forms it may use."
    ),
    search_parameters=(
        *COMMON,
        SearchParameter("code", "token", ("item.code",), documentation="What a question asks for."),
        SearchParameter(
            "context",
            "token",
            ("useContext.valueCodeableConcept",),
            documentation="A context it is meant for, as a code.",
        ),
        SearchParameter(
            "context-quantity",
            "quantity",
            ("useContext.valueQuantity", "useContext.valueRange"),
            documentation="A context it is meant for, as a quantity or range: an age.",
        ),
        SearchParameter(
            "context-type", "token", ("useContext.code",), documentation="The kind of context it is meant for."
        ),
        SearchParameter(
            "context-type-quantity",
            "quantity",
            ("useContext",),
            form="composite",
            parts=(("code",), ("valueQuantity", "valueRange")),
            documentation="The kind of context and its quantity together: code$quantity.",
        ),
        SearchParameter(
            "context-type-value",
            "token",
            ("useContext",),
            form="composite",
            parts=(("code",), ("valueCodeableConcept",)),
            documentation="The kind of context and its code together: code$value, each a code or system|code.",
        ),
        SearchParameter("date", "date", ("date",), documentation="When it last changed."),
        SearchParameter(
            "definition", "uri", ("item.definition",), documentation="The data element that a question is about."
        ),
        SearchParameter("description", "string", ("description",), documentation="Words of its description."),
        SearchParameter("effective", "date", ("effectivePeriod",), documentation="When it is meant to be used."),
        IDENTIFIER,
        SearchParameter("jurisdiction", "token", ("jurisdiction",), documentation="Where it is meant to be used."),
        SearchParameter("name", "string", ("name",), documentation="Its name for computers."),
        SearchParameter("publisher", "string", ("publisher",), documentation="Who publishes it."),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/publication-status",
            documentation="draft, active, retired or unknown.",
        ),
        SearchParameter(
            "subject-type",
            "token",
            ("subjectType",),
            system="http://hl7.org/fhir/resource-types",
            documentation="What kind of record it can be answered about.",
        ),
        SearchParameter("title", "string", ("title",), documentation="Its name for people."),
        SearchParameter("url", "uri", ("url",), documentation="Its canonical URL."),
        SearchParameter("version", "token", ("version",), documentation="Its version."),
    ),
    mandatory=("status",),
    summary=(
        "url",
        "identifier",
        "version",
        "name",
        "title",
        "status",
        "experimental",
        "subjectType",
        "date",
        "publisher",
        "contact",
        "useContext",
        "jurisdiction",
        "effectivePeriod",
        "code",
    ),
)
