"""The involvement grid: in which phases of an episode each supporter was involved, and by what.

A phase is said by the extension `phase`, else it follows from the kind of record. Domain, section 2, row 13.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from app.fhir.canonical import extension
from app.fhir.vocabulary.episodes import ENCOUNTER_TYPE, PHASE
from app.fhir.words import words
from app.involvement.first_contacts import REACHED
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Entry, own
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.meetings import Meeting
from app.sharing.reading import extension_value, mapping, objects, text
from app.sharing.times import Span, span

TYPES: Final = words(
    "EpisodeOfCare CarePlan Communication Encounter ServiceRequest Appointment AppointmentResponse "
    "CommunicationRequest List"
)
_PHASE: Final = extension("phase")
_OF_MEETING: Final = {
    "planning-meeting": "planning",
    "review-meeting": "intervention",
    "network-meeting": "intervention",
    "visit": "intervention",
    "discharge-meeting": "ending",
}
_OFF: Final = words("cancelled")
_NOT_HELD: Final = words("planned cancelled")


class Cell(NamedTuple):
    """Where in the grid something stands."""

    supporter: str
    phase: str


@dataclass(frozen=True, slots=True)
class Involved:
    """One record by which somebody was involved: a versioned reference, how (involved-by), when (None: not said).

    `answer` is what they said to an invitation, a code of participationstatus; '' when nothing is known.
    """

    record: str
    how: str
    at: int | None
    answer: str = ""


Grid = dict[Cell, list[Involved]]


def grid(chart: Chart, episode: Episode) -> Grid:
    """The cells in which there is something, each with its records in the order of their times."""
    found: Grid = {}
    for cell, involved in (*_meetings(chart, episode), *_encounters(chart, episode), *_plans(chart, episode)):
        _add(found, cell, involved)
    for cell, involved in _contacts(chart, episode):
        _add(found, cell, involved)
    for records in found.values():
        records.sort(key=lambda one: (one.at is None, one.at, one.record))
    return found


def is_involved(records: Iterable[Involved]) -> bool:
    """Whether somebody was more than invited."""
    return any(one.how != "invited" for one in records)


def _add(found: Grid, cell: Cell, involved: Involved) -> None:
    if cell.phase and involved not in found.setdefault(cell, []):
        found[cell].append(involved)


def _meetings(chart: Chart, episode: Episode) -> Iterator[tuple[Cell, Involved]]:
    for meeting in chart.meetings:
        if meeting.start is None or meeting.status in _OFF or not meeting.start.meets(episode.from_referral):
            continue
        phase = _said(meeting.entry) or _of_meeting(meeting)
        for person, invitations in meeting.invited.items():
            how = "attended" if any(one.attended for one in invitations) else "invited"
            answer = meeting.answers.get(person, "")
            yield Cell(person, phase), Involved(meeting.entry.versioned, how, meeting.start.low, answer)


def _encounters(chart: Chart, episode: Episode) -> Iterator[tuple[Cell, Involved]]:
    phases = {one.entry.reference: _said(one.entry) or _of_meeting(one) for one in chart.meetings}
    for entry in chart.of("Encounter"):
        began = span(mapping(entry.content.get("period")).get("start"))
        if entry.content.get("status") in _NOT_HELD or not _is_of(chart, entry, began, episode):
            continue
        appointments = chart.named(entry.content.get("appointment"))
        phase = _of_encounter(entry) or next((phases[one] for one in sorted(appointments) if one in phases), "")
        for participant in objects(entry.content.get("participant")):
            for person in chart.people(participant.get("individual")):
                yield Cell(person, phase), Involved(entry.versioned, "attended", began.low if began else None)


def _plans(chart: Chart, episode: Episode) -> Iterator[tuple[Cell, Involved]]:
    for plan in chart.plans:
        if not plan.is_of(episode.time):
            continue
        at, version = plan.made.low, plan.entry.versioned
        for person in chart.people(plan.entry.content.get("contributor")):
            yield Cell(person, _said(plan.entry) or "planning"), Involved(version, "contributed", at)
        for part in plan.taken:
            yield Cell(part.supporter, "intervention"), Involved(version, "takes-part", at)


def _contacts(chart: Chart, episode: Episode) -> Iterator[tuple[Cell, Involved]]:
    encounters = {entry.reference: _of_encounter(entry) for entry in chart.of("Encounter")}
    for message in chart.messages:
        if message.sent is None or message.outcome not in REACHED or not message.sent.meets(episode.from_referral):
            continue
        at_encounter = chart.named(message.entry.content.get("encounter"))
        phase = _said(message.entry) or next((encounters.get(one, "") for one in sorted(at_encounter)), "")
        for person in message.people:
            yield Cell(person, phase), Involved(message.entry.versioned, "contacted", message.sent.low)


def _said(entry: Entry) -> str:
    """The phase that a record names."""
    code = text(extension_value(entry.content, _PHASE, "valueCode"))
    return code if code in PHASE.by_code else ""


def _of_meeting(meeting: Meeting) -> str:
    phases = {_OF_MEETING.get(kind, "") for kind in meeting.kinds} - {""}
    return phases.pop() if len(phases) == 1 else ""


def _of_encounter(entry: Entry) -> str:
    is_assessment = "initial-assessment" in own(entry.content.get("type"), ENCOUNTER_TYPE)
    return _said(entry) or ("assessment" if is_assessment else "")


def _is_of(chart: Chart, entry: Entry, began: Span | None, episode: Episode) -> bool:
    """Whether an Encounter is of an episode: as it says, else by its time."""
    named = chart.named(entry.content.get("episodeOfCare"))
    if named:
        return episode.reference in named
    return began is not None and began.meets(episode.from_referral)
