"""QuestionnaireResponse: what somebody answered. https://hl7.org/fhir/R4/questionnaireresponse.html"""

from typing import Final

from app.fhir.checks import involvement
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import COMMON, IDENTIFIER

QUESTIONNAIRE_RESPONSE: Final = ResourceDefinition(
    type="QuestionnaireResponse",
    patient="subject",
    patient_of_supporter=True,
    documentation=(
        "Answers about a patient or about a supporter (a carer's assessment), who is then the subject; it is kept in "
        "the patient's record. What a supporter answered in confidence carries the label given-in-confidence."
    ),
    checks=involvement.CHECKS,
    search_parameters=(
        *COMMON,
        SearchParameter(
            "author",
            "reference",
            ("author",),
            targets=("Device", "Organization", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson"),
            documentation="Who wrote the answers down.",
        ),
        SearchParameter("authored", "date", ("authored",), documentation="When they were given."),
        SearchParameter(
            "based-on",
            "reference",
            ("basedOn",),
            targets=("CarePlan", "ServiceRequest"),
            documentation="What they were asked for by.",
        ),
        SearchParameter(
            "encounter", "reference", ("encounter",), targets=("Encounter",), documentation="Where it happened."
        ),
        IDENTIFIER,
        SearchParameter(
            "part-of",
            "reference",
            ("partOf",),
            targets=("Observation", "Procedure"),
            documentation="What they are a part of.",
        ),
        SearchParameter(
            "patient", "reference", ("subject",), targets=("Patient",), documentation="The patient they are about."
        ),
        SearchParameter(
            "questionnaire",
            "reference",
            ("questionnaire",),
            targets=("Questionnaire",),
            form="canonical",
            documentation="The form that was filled in, with or without |version.",
        ),
        SearchParameter(
            "source",
            "reference",
            ("source",),
            targets=("Patient", "Practitioner", "PractitionerRole", "RelatedPerson"),
            documentation="Who answered.",
        ),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/questionnaire-answers-status",
            documentation="in-progress, completed, amended, entered-in-error or stopped.",
        ),
        SearchParameter(
            "subject", "reference", ("subject",), documentation="Whom they are about, a supporter among them."
        ),
    ),
    names_supporters=True,
    mandatory=("status",),
    summary=(
        "identifier",
        "basedOn",
        "partOf",
        "questionnaire",
        "status",
        "subject",
        "encounter",
        "authored",
        "author",
        "source",
    ),
)
