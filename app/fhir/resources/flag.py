"""Flag: what everybody who deals with the patient must know first. https://hl7.org/fhir/R4/flag.html"""

from typing import Final

from app.fhir.checks.flag import CHECKS, protects
from app.fhir.definition import SEARCH_PARAMETERS as SP
from app.fhir.definition import Kept, ResourceDefinition, SearchParameter
from app.fhir.resources.common import CLINICAL_DATE, CLINICAL_PATIENT, COMMON, IDENTIFIER

KEPT: Final = Kept(
    "status", "a restriction or said that capacity is lacking", protects, "end it (status inactive, with period.end)"
)

FLAG: Final = ResourceDefinition(
    type="Flag",
    patient="subject",
    documentation=(
        "A warning about a patient: whom the team must not contact or tell anything, or that the patient lacks "
        "capacity to decide about sharing. The supporters a restriction is about stand in the standard extension "
        "flag-detail. A sharing check goes by these before it looks at any Consent."
    ),
    search_parameters=(
        *COMMON,
        SearchParameter(
            "author",
            "reference",
            ("author",),
            targets=("Device", "Organization", "Patient", "Practitioner", "PractitionerRole"),
            documentation="Who put it up.",
        ),
        SearchParameter("date", "date", ("period",), documentation="When it is in force.", url=CLINICAL_DATE),
        SearchParameter(
            "encounter",
            "reference",
            ("encounter",),
            targets=("Encounter", "EpisodeOfCare"),
            documentation="Where it was made.",
            url=f"{SP}clinical-encounter",
        ),
        IDENTIFIER,
        SearchParameter(
            "patient",
            "reference",
            ("subject",),
            targets=("Patient",),
            documentation="The patient it warns about.",
            url=CLINICAL_PATIENT,
        ),
        SearchParameter(
            "subject",
            "reference",
            ("subject",),
            targets=(
                "Group",
                "Location",
                "Medication",
                "Organization",
                "Patient",
                "PlanDefinition",
                "Practitioner",
                "Procedure",
            ),
            documentation="Whom or what it warns about.",
        ),
    ),
    checks=CHECKS,
    kept_once=KEPT,
    names_supporters=True,
    mandatory=("status", "code", "subject"),
    summary=("identifier", "status", "category", "code", "subject", "period", "encounter", "author"),
)
