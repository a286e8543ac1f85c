"""The worklists of a crisis team: what each is about, and the FHIR search that comes nearest to it.

Domain, section 2 ("Query / report", "If missing"). What each list finds is in app/storage/worklists.
"""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Worklist:
    """`types` are those of what is listed, then of what comes along; `search` is below [base], with {now} in it."""

    name: str
    title: str
    description: str
    types: tuple[str, ...]
    search: str


WORKLISTS: Final = (
    Worklist(
        "not-asked",
        "Not asked yet",
        "Open episodes whose patient has no decision about sharing of any kind, and was not asked if and how to "
        "involve others.",
        ("EpisodeOfCare", "CarePlan", "Patient"),
        "EpisodeOfCare?status=active&_include=EpisodeOfCare:patient",
    ),
    Worklist(
        "consent-review",
        "Decisions to talk about again",
        "Active decisions whose review is due or whose time is over.",
        ("Consent", "Patient"),
        "Consent?status=active&next-review=le{now}",
    ),
    Worklist(
        "not-contacted",
        "Nobody contacted",
        "Open episodes that began longer ago than KITH_CONTACT_HOURS, without an attempt to reach anybody since.",
        ("EpisodeOfCare", "CarePlan", "Patient"),
        "EpisodeOfCare?status=active&date=lt{now}",
    ),
    Worklist(
        "no-role",
        "Supporters without a part",
        "Key people of open episodes who may know the care plan, and have no part in an active plan.",
        ("RelatedPerson", "Patient"),
        "RelatedPerson?active=true&relationship=key-supporter,main-carer,carer,young-carer,shared-lives-carer",
    ),
    Worklist(
        "not-invited",
        "Supporters not invited",
        "Meetings of the next KITH_MEETING_DAYS days to which a key person is not invited who may be; they come along.",
        ("Appointment", "RelatedPerson", "Patient"),
        "Appointment?date=ge{now}&status=booked",
    ),
    Worklist(
        "owed-to-carers",
        "Owed to carers",
        "Open tasks for what supporters are owed whatever the patient agreed to: due and overdue.",
        ("Task", "Patient"),
        "Task?status=requested&code=support-information,carers-assessment,own-needs-meeting,young-carer-referral,"
        "debrief,peer-support,host-input",
    ),
    Worklist(
        "concerns",
        "Concerns without an answer",
        "What supporters worry about, longer ago than KITH_CONCERN_HOURS, without an answer, a Task about it that is "
        "done, or a word on its use.",
        ("Communication", "Patient"),
        "Communication?category=concern&received=lt{now}",
    ),
    Worklist(
        "override-review",
        "Overrides to review",
        "Open tasks to look at a safety override afterwards.",
        ("Task", "Patient"),
        "Task?status=requested&code=override-review",
    ),
    Worklist(
        "unverified-patients",
        "Patients nobody has verified",
        "Patients who are here only because a record named their NHS number.",
        ("Patient",),
        "Patient?_tag=unverified",
    ),
)
BY_NAME: Final = {each.name: each for each in WORKLISTS}
# The tasks that are owed to a supporter.
OWED: Final = (
    "support-information",
    "carers-assessment",
    "own-needs-meeting",
    "young-carer-referral",
    "debrief",
    "peer-support",
    "host-input",
)


def told(root: str, base: str) -> dict[str, Any]:
    """What lists there are, for callers; `root` is the address of the service, `base` that of [base]."""
    return {
        "worklists": [
            {
                "name": each.name,
                "title": each.title,
                "description": each.description,
                "url": f"{root}/worklists/{each.name}",
                "search": f"{base}/{each.search}",
            }
            for each in WORKLISTS
        ]
    }
