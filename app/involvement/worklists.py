"""The worklists of a crisis team: what each is about, and the FHIR searches that come nearest to it.

Domain, section 2 ("Query / report", "If missing"). What each list finds is in app/storage/worklists.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

# The tasks that are owed to a supporter, and those that look at an override; and when a Task is still to be done.
OWED: Final = (
    "support-information",
    "carers-assessment",
    "own-needs-meeting",
    "young-carer-referral",
    "debrief",
    "peer-support",
    "host-input",
)
OVERRIDES: Final = ("override-review",)
OPEN_TASKS: Final = ("requested", "received", "accepted", "ready", "in-progress", "on-hold")
_OPEN: Final = ",".join(OPEN_TASKS)


@dataclass(frozen=True, slots=True)
class Worklist:
    """`types` are those of what is listed, then of what comes along; `search` is below [base].

    What is on the list is found by it, or by one of those `beside`: a search goes through one type. In them stand
    {now}, what came before {contact} or {concern} is late, {meetings} is the last meeting to look at, and {roles} are
    those of key people.
    """

    name: str
    title: str
    description: str
    types: tuple[str, ...]
    search: str
    beside: tuple[str, ...] = ()


_PLANS: Final = "CarePlan?category=crisis-home-treatment&status=active,on-hold&intent=plan,order"
WORKLISTS: Final = (
    Worklist(
        "not-asked",
        "Not asked yet",
        "Open episodes whose patient has no decision about sharing of any kind, and was not asked if and how to "
        "involve others.",
        ("EpisodeOfCare", "CarePlan", "Patient"),
        "EpisodeOfCare?status=active,onhold&_include=EpisodeOfCare:patient",
        (f"{_PLANS}&_include=CarePlan:patient",),
    ),
    Worklist(
        "consent-review",
        "Decisions to talk about again",
        "Active decisions whose review is due or whose time is over.",
        ("Consent", "Patient"),
        "Consent?status=active&next-review=le{now}&_sort=next-review",
        ("Consent?status=active&period=eb{now}",),
    ),
    Worklist(
        "not-contacted",
        "Nobody contacted",
        "Open episodes that began longer ago than KITH_CONTACT_HOURS, without an attempt to reach anybody since.",
        ("EpisodeOfCare", "CarePlan", "Patient"),
        "EpisodeOfCare?status=active,onhold&date=lt{contact}&_include=EpisodeOfCare:patient",
        (_PLANS + "&date=lt{contact}&_include=CarePlan:patient",),
    ),
    Worklist(
        "no-role",
        "Supporters without a part",
        "Key people of open episodes who may know the care plan, and have no part in an active plan.",
        ("RelatedPerson", "Patient"),
        "RelatedPerson?active:not=false&relationship={roles}&_revinclude=CarePlan:performer",
    ),
    Worklist(
        "not-invited",
        "Supporters not invited",
        "Meetings of the next KITH_MEETING_DAYS days to which a key person is not invited who may be; they come along.",
        ("Appointment", "RelatedPerson", "Patient"),
        "Appointment?date=ge{now}&date=lt{meetings}&status=proposed,pending,booked,waitlist"
        "&service-type=planning-meeting,review-meeting,discharge-meeting,network-meeting&_sort=date",
    ),
    Worklist(
        "owed-to-carers",
        "Owed to carers",
        "Open tasks for what supporters are owed whatever the patient agreed to: first what is due first.",
        ("Task", "Patient"),
        f"Task?status={_OPEN}&code={','.join(OWED)}&_sort=due",
    ),
    Worklist(
        "concerns",
        "Concerns without an answer",
        "What supporters worry about, longer ago than KITH_CONCERN_HOURS, without an answer, a Task about it that is "
        "done, or a word on its use.",
        ("Communication", "Patient"),
        "Communication?category=concern&received=lt{concern}",
        (
            "Communication?category=concern&sent=lt{concern}",
            "Communication?category=concern&received:missing=true&sent:missing=true",
        ),
    ),
    Worklist(
        "override-review",
        "Overrides to review",
        "Open tasks to look at a safety override afterwards.",
        ("Task", "Patient"),
        f"Task?status={_OPEN}&code={','.join(OVERRIDES)}&_sort=due",
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


@dataclass(frozen=True, slots=True)
class Limits:
    """What is late and who counts, by the settings: KITH_CONTACT_HOURS, _CONCERN_HOURS, _MEETING_DAYS, _KEY_ROLES."""

    contact_hours: int
    concern_hours: int
    meeting_days: int
    key_roles: tuple[str, ...]


def told(root: str, base: str, now: datetime, limits: Limits) -> dict[str, Any]:
    """What lists there are, for callers; `root` is the address of the service, `base` that of [base]."""
    times = {
        "now": now,
        "contact": now - timedelta(hours=limits.contact_hours),
        "concern": now - timedelta(hours=limits.concern_hours),
        "meetings": now + timedelta(days=limits.meeting_days),
    }
    written = {name: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for name, at in times.items()}
    written["roles"] = ",".join(limits.key_roles)
    return {
        "worklists": [
            {
                "name": each.name,
                "title": each.title,
                "description": each.description,
                "url": f"{root}/worklists/{each.name}",
                "search": f"{base}/{each.search.format_map(written)}",
                "beside": [f"{base}/{one.format_map(written)}" for one in each.beside],
            }
            for each in WORKLISTS
        ]
    }
