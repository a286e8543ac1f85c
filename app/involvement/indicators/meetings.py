"""Meetings, who was invited to them and what they answered: Appointment, with CommunicationRequest and answers to it.

An answer stays where it was given: the Appointment is its writer's, and is read together with it.
https://hl7.org/fhir/R4/appointment.html, https://hl7.org/fhir/R4/appointmentresponse.html
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from app.fhir.canonical import extension
from app.fhir.vocabulary.episodes import MEETING_TYPE
from app.fhir.words import words
from app.involvement.indicators.entry import Entry, Unreadable, own
from app.sharing.reading import EMPTY, Json, first_extensions, objects
from app.sharing.times import Span, span

if TYPE_CHECKING:
    from app.involvement.indicators.chart import Chart

HELD_OR_BOOKED: Final = words("booked arrived checked-in fulfilled")
_INVITED, _ATTENDED = extension("invited"), extension("attended")
_ANSWERS: Final = words("accepted declined tentative")
_NOT_SENT: Final = words("draft revoked entered-in-error")


class Invitation(NamedTuple):
    """That a supporter was to come: when that was said (None: not known), whether they came, and the record of it."""

    at: int | None
    attended: bool
    record: str


class Meeting(NamedTuple):
    """One Appointment. `kinds` are meeting-type codes, `invited` supporters by reference; `start` None: unreadable.

    `answers` are accepted, declined or tentative, by supporter, from an AppointmentResponse or the Appointment itself,
    whichever was stored last. `made` is when it was made, at the latest: before it began, and before it was stored.
    """

    entry: Entry
    kinds: frozenset[str]
    status: str
    start: Span | None
    made: int
    invited: Mapping[str, tuple[Invitation, ...]]
    about: frozenset[str]
    answers: Mapping[str, str]

    def invited_before(self, supporter: str) -> Invitation | None:
        """The invitation that a supporter had before it began; None when there is none."""
        assert self.start is not None
        for one in self.invited.get(supporter, ()):
            if one.at is None or one.at < self.start.low:
                return one
        return None


class _Beside(NamedTuple):
    """What other records tell of an Appointment: whom somebody asked, who answered, and who came to which."""

    asked: Sequence[tuple[str, Invitation]]
    answered: Sequence[tuple[str, Entry]]
    came: frozenset[tuple[str, str]]


def meetings(chart: "Chart") -> tuple[Meeting, ...]:
    """All Appointments of the patient that have a meeting type, in the order in which they begin."""
    asked = _requested(chart)
    answered = _answered(chart)
    came = _came(chart)
    found = (
        _meeting(chart, entry, _Beside(asked.get(entry.reference, ()), answered.get(entry.reference, ()), came))
        for entry in chart.of("Appointment")
    )
    return tuple(sorted((one for one in found if one.kinds), key=lambda one: one.start or Span(0, 0)))


def undated_meetings(chart: "Chart") -> list[Unreadable]:
    """The meetings that do not say when they begin."""
    return [
        Unreadable(one.entry.versioned, "no-time")
        for one in chart.meetings
        if one.start is None and one.status in HELD_OR_BOOKED
    ]


def _meeting(chart: "Chart", entry: Entry, beside: _Beside) -> Meeting:
    content = entry.content
    created, start = span(content.get("created")), span(content.get("start"))
    invited: dict[str, tuple[Invitation, ...]] = {}
    answers: dict[str, str] = {}
    for participant in objects(content.get("participant")):
        people = chart.people(participant.get("actor"))
        if not people:
            continue
        told = first_extensions(participant)
        at = span(told.get(_INVITED, EMPTY).get("valueDateTime")) or created
        attended = told.get(_ATTENDED, EMPTY).get("valueBoolean") is True
        for person in people:
            there = attended or (entry.reference, person) in beside.came
            one = Invitation(at.low if at else None, there, entry.versioned)
            invited[person] = (*invited.get(person, ()), one)
            if participant.get("status") in _ANSWERS:
                answers[person] = str(participant["status"])
    for person, one in beside.asked:
        invited[person] = (*invited.get(person, ()), one)
    for person, response in beside.answered:
        # Whoever answers was asked, though nothing else says so, nor when.
        there = (entry.reference, person) in beside.came
        invited.setdefault(person, (Invitation(None, there, response.versioned),))
        if response.content.get("participantStatus") in _ANSWERS and (
            person not in answers or response.stored >= entry.stored
        ):
            answers[person] = str(response.content["participantStatus"])
    return Meeting(
        entry=entry,
        kinds=own(content.get("serviceType"), MEETING_TYPE),
        status=str(content.get("status", "")),
        start=start,
        made=created.low if created else min(entry.stored, start.low if start else entry.stored),
        invited=invited,
        about=chart.named(content.get("supportingInformation")) | chart.named(content.get("reasonReference")),
        answers=answers,
    )


def _requested(chart: "Chart") -> dict[str, list[tuple[str, Invitation]]]:
    """The invitations that were asked for by a CommunicationRequest about an Appointment, by Appointment."""
    found: dict[str, list[tuple[str, Invitation]]] = {}
    for entry in chart.of("CommunicationRequest"):
        if entry.content.get("status") in _NOT_SENT:
            continue
        authored = span(entry.content.get("authoredOn"))
        one = Invitation(authored.low if authored else entry.stored, attended=False, record=entry.versioned)
        for meeting in chart.named(entry.content.get("about")):
            found.setdefault(meeting, []).extend((person, one) for person in _recipients(chart, entry.content))
    return found


def _answered(chart: "Chart") -> dict[str, list[tuple[str, Entry]]]:
    """The answers of supporters by Appointment, in the order in which they were stored."""
    found: dict[str, list[tuple[str, Entry]]] = {}
    for entry in sorted(chart.of("AppointmentResponse"), key=lambda one: (one.stored, one.id)):
        for meeting in chart.named(entry.content.get("appointment")):
            found.setdefault(meeting, []).extend((person, entry) for person in chart.people(entry.content.get("actor")))
    return found


def _recipients(chart: "Chart", request: Json) -> frozenset[str]:
    return chart.people(request.get("recipient"))


def _came(chart: "Chart") -> frozenset[tuple[str, str]]:
    """Who took part in the Encounter of an Appointment."""
    return frozenset(
        (meeting, person)
        for entry in chart.of("Encounter")
        for meeting in chart.named(entry.content.get("appointment"))
        for participant in objects(entry.content.get("participant"))
        for person in chart.people(participant.get("individual"))
    )
