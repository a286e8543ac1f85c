"""Everything in the demo, in an order in which each record follows those it refers to."""

from collections.abc import Iterable
from datetime import date

from app.demo.anchor import moved
from app.demo.caseload import caseload
from app.demo.pathway import pathway
from app.demo.people import Resource
from app.demo.social_map import social_maps
from app.demo.stories import stories
from app.demo.team.crowd import crowd
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


PATIENTS = 200
_IN_STORIES = 31


def demo() -> Iterable[Resource]:
    """The people of the stories and of the documentation: complete resources with ids of our choice, by type.

    A record met twice is there in two versions.
    """
    everything = [*staff(), *stories(), *pathway(), *social_maps(), *caseload()]
    return sorted(everything, key=lambda resource: ORDER.index(resource["resourceType"]))


def team(today: date) -> list[Resource]:
    """All patients of the team, those of `demo` among them, as it stands on that day."""
    return moved([*demo(), *crowd(PATIENTS - _IN_STORIES)], today)
