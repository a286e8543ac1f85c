"""EpisodeOfCare: the time for which a team looks after a patient. https://hl7.org/fhir/R4/episodeofcare.html"""

from typing import Final

from app.fhir.checks import involvement
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import CLINICAL_DATE, CLINICAL_IDENTIFIER, CLINICAL_PATIENT, CLINICAL_TYPE, COMMON

EPISODE_OF_CARE: Final = ResourceDefinition(
    type="EpisodeOfCare",
    patient="patient",
    documentation=(
        "The time for which a crisis or home treatment team looks after a patient, from referral to discharge, with "
        "every change of status. That there is one at all is what the sharing scope service-contact is about."
    ),
    checks=involvement.CHECKS,
    search_parameters=(
        *COMMON,
        SearchParameter(
            "care-manager", "reference", ("careManager",), targets=("Practitioner",), documentation="The named worker."
        ),
        SearchParameter(
            "condition",
            "reference",
            ("diagnosis.condition",),
            targets=("Condition",),
            documentation="A condition it is about.",
        ),
        SearchParameter("date", "date", ("period",), documentation="The time it lasts.", url=CLINICAL_DATE),
        CLINICAL_IDENTIFIER,
        SearchParameter(
            "incoming-referral",
            "reference",
            ("referralRequest",),
            targets=("ServiceRequest",),
            documentation="The referral it began with.",
        ),
        SearchParameter(
            "organization",
            "reference",
            ("managingOrganization",),
            targets=("Organization",),
            documentation="The organisation that is responsible.",
        ),
        SearchParameter(
            "patient",
            "reference",
            ("patient",),
            targets=("Patient",),
            documentation="The patient looked after.",
            url=CLINICAL_PATIENT,
        ),
        SearchParameter(
            "status",
            "token",
            ("status",),
            system="http://hl7.org/fhir/episode-of-care-status",
            documentation="planned, waitlist, active, onhold, finished, cancelled ...",
        ),
        SearchParameter(
            "type",
            "token",
            ("type",),
            documentation="The kind of care: crisis resolution, home treatment.",
            url=CLINICAL_TYPE,
        ),
    ),
    mandatory=("status", "patient"),
    summary=("status", "type", "diagnosis", "patient", "managingOrganization", "period"),
)
