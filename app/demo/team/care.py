"""One patient's time with the team: referral, episode, first assessment, and how it ended."""

from dataclasses import dataclass
from random import Random
from typing import Any

from app.demo.anchor import instant
from app.demo.codes import ACT_CODE, concept
from app.demo.people import Resource, patient_reference, reference
from app.fhir.canonical import extension
from app.fhir.own_codes import concept as own_concept
from app.fhir.vocabulary.episodes import ENCOUNTER_TYPE
from app.fhir.vocabulary.plans import CARE_PLAN_CATEGORY

CRISIS_TEAM = {"reference": "Organization/northbeck-crisis-team"}
HOME_TREATMENT = {"reference": "Organization/northbeck-home-treatment"}
NURSES = ("nurse-adaeze-nwosu", "nurse-callum-reidpath", "ot-zofia-wrzos", "carer-lead-imran-qadeer")

# Every so many have their referral on record, and their first assessment; else the start of the episode counts.
_REFERRED, _ASSESSED = 3, 2


@dataclass(frozen=True, slots=True)
class Care:
    """One patient with the people around. `start` and `end` (None: it goes on) are days from the anchor.

    `asked` is what became of asking whom to involve (app/demo/agreed.py, or nobody, withheld, not-asked), `ending`
    a code of end-of-care. `random` is this patient's own, so that another patient changes nothing here.
    """

    random: Random
    index: int
    of: Resource
    people: tuple[Resource, ...]
    asked: str
    start: int
    end: int | None
    ending: str = "discharged"

    @property
    def id(self) -> str:
        return str(self.of["id"])

    @property
    def is_open(self) -> bool:
        return self.end is None

    @property
    def nurse(self) -> Resource:
        return {"reference": f"Practitioner/{NURSES[self.index % len(NURSES)]}"}

    @property
    def team(self) -> Resource:
        return HOME_TREATMENT if self.index % 5 == 4 else CRISIS_TEAM

    def has_come(self, after: int) -> bool:
        """Whether that many days after the start were within the episode, and before the anchor."""
        last = -1 if self.end is None else min(self.end - 1, -1)
        return self.start + after <= last

    def at(self, after: int, time: str = "") -> str:
        """A moment that many days after the start, at a time of day ("10:00") or at one of the working day."""
        hour = f"{self.random.randint(9, 16):02d}:{self.random.choice((0, 10, 15, 30, 45)):02d}"
        return instant(self.start + after, time or hour)


def way(care: Care) -> list[Resource]:
    """The EpisodeOfCare; of some the ServiceRequest and the first Encounter are recorded too."""
    period = {"start": instant(care.start, "09:00")}
    if care.end is not None:
        period["end"] = instant(care.end, "17:00" if care.end > care.start else "20:00")
    ended: dict[str, Any] = (
        {} if care.is_open else {"extension": [{"url": extension("end-of-care"), "valueCode": care.ending}]}
    )
    episode: Resource = {
        "resourceType": "EpisodeOfCare",
        "id": f"episode-{care.id}",
        **ended,
        "status": "active" if care.is_open else "finished",
        "type": [own_concept(CARE_PLAN_CATEGORY, "crisis-home-treatment")],
        "patient": patient_reference(care.of),
        "managingOrganization": care.team,
        "period": period,
        "careManager": care.nurse,
    }
    referral = [_referral(care)] if care.index % _REFERRED == 0 else []
    if referral:
        episode["referralRequest"] = [{"reference": f"ServiceRequest/referral-{care.id}"}]
    return [*referral, episode, *([_assessment(care)] if care.index % _ASSESSED == 0 else [])]


def _referral(care: Care) -> Resource:
    by_family = care.people and care.index % 2 == 0
    return {
        "resourceType": "ServiceRequest",
        "id": f"referral-{care.id}",
        "status": "completed",
        "intent": "order",
        "priority": "urgent",
        "code": concept(text="Assessment by the crisis team"),
        "subject": patient_reference(care.of),
        "authoredOn": instant(care.start, "07:30"),
        "requester": reference(care.people[0]) if by_family else {"reference": "Organization/elmfield-surgery"},
        "performer": [care.team],
    }


def _assessment(care: Care) -> Resource:
    present = [{"individual": care.nurse}]
    if care.people and care.random.random() < 0.4:
        present.append({"individual": reference(care.people[0])})
    return {
        "resourceType": "Encounter",
        "id": f"assessment-{care.id}",
        "status": "finished",
        "class": {"system": ACT_CODE, "code": "HH", "display": "home health"},
        "type": [own_concept(ENCOUNTER_TYPE, "initial-assessment")],
        "subject": patient_reference(care.of),
        "episodeOfCare": [{"reference": f"EpisodeOfCare/episode-{care.id}"}],
        "participant": present,
        "period": {"start": instant(care.start, "10:30"), "end": instant(care.start, "11:45")},
        "serviceProvider": care.team,
    }
