"""RiskAssessment: what might happen, formulated and not graded. https://hl7.org/fhir/R4/riskassessment.html"""

from typing import Final

from app.fhir.checks import involvement
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import CLINICAL_DATE, CLINICAL_ENCOUNTER, CLINICAL_IDENTIFIER, CLINICAL_PATIENT, COMMON

RISK_ASSESSMENT: Final = ResourceDefinition(
    type="RiskAssessment",
    patient="subject",
    documentation=(
        "A formulation of what might happen to a patient, on what it rests, and what is done about it. Grades and "
        "numbers (qualitativeRisk, probability, relativeRisk) are refused: the grounds stand in basis, the "
        "formulation in prediction.rationale and note, what is done in mitigation and in the safety plan."
    ),
    search_parameters=(
        *COMMON,
        SearchParameter(
            "condition", "reference", ("condition",), targets=("Condition",), documentation="The condition it is about."
        ),
        SearchParameter("date", "date", ("occurrenceDateTime",), documentation="When it was made.", url=CLINICAL_DATE),
        SearchParameter(
            "encounter",
            "reference",
            ("encounter",),
            targets=("Encounter", "EpisodeOfCare"),
            documentation="Where it was made.",
            url=CLINICAL_ENCOUNTER,
        ),
        CLINICAL_IDENTIFIER,
        SearchParameter("method", "token", ("method",), documentation="How it was made."),
        SearchParameter(
            "patient",
            "reference",
            ("subject",),
            targets=("Patient",),
            documentation="The patient it is about.",
            url=CLINICAL_PATIENT,
        ),
        SearchParameter(
            "performer",
            "reference",
            ("performer",),
            targets=("Device", "Practitioner", "PractitionerRole"),
            documentation="Who made it.",
        ),
        SearchParameter(
            "probability",
            "number",
            ("prediction.probabilityDecimal", "prediction.probabilityRange"),
            documentation="A probability: finds nothing, for such grades are refused.",
        ),
        SearchParameter(
            "risk",
            "token",
            ("prediction.qualitativeRisk",),
            documentation="A grade of risk: finds nothing, for such grades are refused.",
        ),
        SearchParameter(
            "subject",
            "reference",
            ("subject",),
            targets=("Group", "Patient"),
            documentation="The patient or group it is about.",
        ),
    ),
    checks=involvement.CHECKS,
    names_supporters=True,
    mandatory=("status", "subject"),
    summary=("identifier", "status", "method", "code", "subject", "encounter", "occurrence", "condition", "performer"),
)
