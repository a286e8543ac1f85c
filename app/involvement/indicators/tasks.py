"""What was offered to a supporter: by an Appointment with them, or by a Task for them that was carried out or declined.

https://hl7.org/fhir/R4/task.html
"""

from typing import Final, Literal, NamedTuple

from app.fhir.canonical import BASE
from app.fhir.vocabulary.episodes import TASK_CODE
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Entry, own
from app.involvement.indicators.meetings import Meeting
from app.sharing.reading import mapping, objects, text
from app.sharing.times import span

RULE: Final = f"{BASE}/Id/rule"
_ANSWERED: Final[dict[str, Literal["done", "declined"]]] = {"completed": "done", "rejected": "declined"}
_HELD: Final = frozenset({"arrived", "checked-in", "fulfilled"})


class Offer(NamedTuple):
    """That something was offered, when (microseconds), in which record, and what came of it as far as it is known.

    `about` are the records that it names as its occasion.
    """

    at: int
    record: str
    outcome: Literal["offered", "done", "declined"]
    about: frozenset[str]


def offered(chart: Chart, supporter: str, kind: str) -> list[Offer]:
    """The offers of a kind (a code of both meeting-type and task-code) to a supporter, oldest first."""
    found = [*_by_appointment(chart, supporter, kind), *_by_task(chart, supporter, kind)]
    return sorted((one for one in found if chart.clock.has_come(one.at)), key=lambda one: one.at)


def _by_appointment(chart: Chart, supporter: str, kind: str) -> list[Offer]:
    found = []
    for meeting in chart.meetings:
        invitations = meeting.invited.get(supporter, ())
        if kind not in meeting.kinds or not invitations:
            continue
        times = [one.at for one in invitations if one.at is not None] or [meeting.made]
        found.append(Offer(min(times), meeting.entry.versioned, _came_of(meeting, supporter), meeting.about))
    return found


def _came_of(meeting: Meeting, supporter: str) -> Literal["offered", "done", "declined"]:
    """Of several who were asked to a meeting that was held, whoever declined did not come, unless it says so."""
    if any(one.attended for one in meeting.invited[supporter]):
        return "done"
    if meeting.answers.get(supporter) == "declined":
        return "declined"
    return "done" if meeting.status in _HELD else "offered"


def _by_task(chart: Chart, supporter: str, kind: str) -> list[Offer]:
    return [
        Offer(_done_at(entry), entry.versioned, _ANSWERED[entry.content["status"]], _occasion(chart, entry))
        for entry in chart.of("Task")
        if entry.content.get("status") in _ANSWERED
        and kind in own(entry.content.get("code"), TASK_CODE)
        and supporter in chart.people(entry.content.get("for"))
    ]


def _done_at(entry: Entry) -> int:
    """When a Task was carried out: as it says, else when it was last changed."""
    executed = mapping(entry.content.get("executionPeriod"))
    for written in (executed.get("start"), executed.get("end"), entry.content.get("lastModified")):
        found = span(written)
        if found:
            return found.low
    return entry.stored


def _occasion(chart: Chart, entry: Entry) -> frozenset[str]:
    """What a Task was for: what it names, and the trigger of the rule that made it."""
    content = entry.content
    named = [chart.named(content.get(name)) for name in ("focus", "reasonReference", "basedOn")]
    rules = (item for item in objects(content.get("identifier")) if item.get("system") == RULE)
    triggers = frozenset(text(item.get("value")).partition(":")[2] for item in rules)
    return frozenset().union(*named, triggers)
