"""Everything in the demo, in an order in which each record follows those it refers to."""

from collections.abc import Iterable

from app.demo.caseload import caseload
from app.demo.pathway import pathway
from app.demo.people import Resource
from app.demo.social_map import social_maps
from app.demo.stories import stories
from app.demo.teams import staff

ORDER = (
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "Patient",
    "RelatedPerson",
    "CareTeam",
    "CarePlan",
    "Consent",
    "Flag",
    "Group",
    "Task",
    "Communication",
    "QuestionnaireResponse",
    "Appointment",
    "ServiceRequest",
    "EpisodeOfCare",
    "Encounter",
    "RiskAssessment",
    "Goal",
    "CommunicationRequest",
    "AppointmentResponse",
    "List",
    "Questionnaire",
    "MeasureReport",
    "Provenance",
)


def demo() -> Iterable[Resource]:
    """Complete resources with ids of our choice, by type; a record met twice is there in two versions."""
    everything = [*staff(), *stories(), *pathway(), *social_maps(), *caseload()]
    return sorted(everything, key=lambda resource: ORDER.index(resource["resourceType"]))
