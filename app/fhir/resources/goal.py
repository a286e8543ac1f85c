"""Goal: what a patient wants to reach. https://hl7.org/fhir/R4/goal.html"""

from typing import Final

from app.fhir import levels
from app.fhir.checks import involvement
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import CLINICAL_IDENTIFIER, CLINICAL_PATIENT, COMMON

GOAL: Final = ResourceDefinition(
    type="Goal",
    level=levels.PATIENT,
    patient="subject",
    documentation=(
        "What the patient wants to reach, in the patient's own words, and how far it is: sleep through, see the "
        "grandchildren, go back to work. A CarePlan refers to it; who said that it matters may be a supporter."
    ),
    checks=involvement.CHECKS,
    search_parameters=(
        *COMMON,
        SearchParameter(
            "achievement-status",
            "token",
            ("achievementStatus",),
            documentation="How far it is: in-progress, improving, achieved ...",
        ),
        SearchParameter("category", "token", ("category",), documentation="The kind of goal."),
        CLINICAL_IDENTIFIER,
        SearchParameter(
            "lifecycle-status",
            "token",
            ("lifecycleStatus",),
            system="http://hl7.org/fhir/goal-status",
            documentation="proposed, planned, accepted, active, on-hold, completed, cancelled ...",
        ),
        SearchParameter(
            "patient",
            "reference",
            ("subject",),
            targets=("Patient",),
            documentation="The patient whose goal it is.",
            url=CLINICAL_PATIENT,
        ),
        SearchParameter("start-date", "date", ("startDate",), documentation="When work on it begins."),
        SearchParameter(
            "subject",
            "reference",
            ("subject",),
            targets=("Group", "Organization", "Patient"),
            documentation="The patient, group or organisation whose goal it is.",
        ),
        SearchParameter("target-date", "date", ("target.dueDate",), documentation="By when it is to be reached."),
    ),
    names_supporters=True,
    mandatory=("lifecycleStatus", "description", "subject"),
    summary=(
        "lifecycleStatus",
        "achievementStatus",
        "category",
        "priority",
        "description",
        "subject",
        "start",
        "statusDate",
        "expressedBy",
    ),
)
