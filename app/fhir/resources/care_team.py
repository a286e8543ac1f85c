"""CareTeam: everybody who takes part in the care. https://hl7.org/fhir/R4/careteam.html"""

from typing import Final

from app.fhir import levels
from app.fhir.checks.care_team import CHECKS, REWRITES
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import CLINICAL_DATE, CLINICAL_IDENTIFIER, CLINICAL_PATIENT, COMMON

CARE_TEAM: Final = ResourceDefinition(
    type="CareTeam",
    level=levels.PATIENT,
    patient="subject",
    documentation=(
        "The people and organisations who take part in a patient's care: crisis team, other agencies and, where the "
        "patient wants it, supporters. A team that is not about one patient belongs to no patient's record."
    ),
    search_parameters=(
        *COMMON,
        SearchParameter("category", "token", ("category",), documentation="The kind of team."),
        SearchParameter("date", "date", ("period",), documentation="When the team is there.", url=CLINICAL_DATE),
        SearchParameter(
            "encounter", "reference", ("encounter",), targets=("Encounter",), documentation="Where it was made."
        ),
        CLINICAL_IDENTIFIER,
        SearchParameter(
            "participant",
            "reference",
            ("participant.member",),
            targets=("CareTeam", "Organization", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson"),
            documentation="Who takes part.",
        ),
        SearchParameter(
            "patient",
            "reference",
            ("subject",),
            targets=("Patient",),
            documentation="The patient the team is for.",
            url=CLINICAL_PATIENT,
        ),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/care-team-status",
            documentation="proposed, active, suspended, inactive or entered-in-error.",
        ),
        SearchParameter(
            "subject",
            "reference",
            ("subject",),
            targets=("Group", "Patient"),
            documentation="The patient or group it is for.",
        ),
    ),
    checks=CHECKS,
    names_supporters=True,
    rewrites=REWRITES,
    summary=("identifier", "status", "category", "name", "subject", "encounter", "period", "managingOrganization"),
)
