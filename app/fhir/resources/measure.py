"""Measure: how a figure about the service is made. https://hl7.org/fhir/R4/measure.html"""

from typing import Final

from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import COMMON, IDENTIFIER

MEASURE: Final = ResourceDefinition(
    type="Measure",
    documentation=(
        "How a figure about the service is made: how many patients were asked about sharing, how many supporters were "
        "offered an assessment of their own. It belongs to no patient's record, and Kith reckons none by itself."
    ),
    search_parameters=(
        *COMMON,
        SearchParameter(
            "composed-of",
            "reference",
            ("relatedArtifact(type=composed-of).resource",),
            form="canonical",
            documentation="Something it consists of, as a URL, with or without |version.",
        ),
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
            "depends-on",
            "reference",
            ("relatedArtifact(type=depends-on).resource", "library"),
            form="canonical",
            documentation="Something it depends on, its libraries among them, as a URL, with or without |version.",
        ),
        SearchParameter(
            "derived-from",
            "reference",
            ("relatedArtifact(type=derived-from).resource",),
            form="canonical",
            documentation="Something it is made from, as a URL, with or without |version.",
        ),
        SearchParameter("description", "string", ("description",), documentation="Words of its description."),
        SearchParameter("effective", "date", ("effectivePeriod",), documentation="When it is meant to be used."),
        IDENTIFIER,
        SearchParameter("jurisdiction", "token", ("jurisdiction",), documentation="Where it is meant to be used."),
        SearchParameter("name", "string", ("name",), documentation="Its name for computers."),
        SearchParameter(
            "predecessor",
            "reference",
            ("relatedArtifact(type=predecessor).resource",),
            form="canonical",
            documentation="What it follows, as a URL, with or without |version.",
        ),
        SearchParameter("publisher", "string", ("publisher",), documentation="Who publishes it."),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/publication-status",
            documentation="draft, active, retired or unknown.",
        ),
        SearchParameter(
            "successor",
            "reference",
            ("relatedArtifact(type=successor).resource",),
            form="canonical",
            documentation="What follows it, as a URL, with or without |version.",
        ),
        SearchParameter("title", "string", ("title",), documentation="Its name for people."),
        SearchParameter("topic", "token", ("topic",), documentation="What it is about."),
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
        "date",
        "publisher",
        "contact",
        "description",
        "useContext",
        "jurisdiction",
        "effectivePeriod",
        "disclaimer",
        "scoring",
        "compositeScoring",
        "type",
        "riskAdjustment",
        "rateAggregation",
        "rationale",
        "clinicalRecommendationStatement",
        "improvementNotation",
        "definition",
        "guidance",
    ),
)
