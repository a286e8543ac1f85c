"""What passed between the team, the patient and supporters: Communication, read once.

https://hl7.org/fhir/R4/communication.html
"""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.fhir.references import contained_types, type_of
from app.fhir.vocabulary.contacts import ATTEMPTS, COMMUNICATION_CATEGORY, CONTACT_OUTCOME, INFORMATION_TOPIC
from app.fhir.words import words
from app.involvement.clock import Clock
from app.involvement.contact import is_outbound
from app.involvement.indicators.entry import Entry, Unreadable, own
from app.sharing.reading import Json, codes, objects
from app.sharing.times import Span, span

if TYPE_CHECKING:
    from app.involvement.indicators.chart import Chart

PARTICIPATION_MODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
WRITTEN: Final = words("WRITTEN EMAILWRIT FAXWRIT HANDWRIT MAILWRIT ONLINEWRIT TYPEWRIT ELECTRONIC")
VERBAL: Final = words("VERBAL DICTATE FACE PHONE VIDEOCONF")
_NONE: Final[frozenset[str]] = frozenset()
# Among those in a CareTeam or a Group there may be supporters.
_ANYBODY: Final = frozenset({"", "RelatedPerson", "CareTeam", "Group"})
_TELLING: Final = words("discussion information-given advice-to-carer plan-copy")


class Message(NamedTuple):
    """One Communication. `sent` is when, None when that cannot be read; `people` are supporters it went to.

    `outcome` is a contact-outcome code, '' when there is none; `about` what it names, as "Type/id". `has_strangers`:
    it went to nobody of this patient, and to a supporter of somebody else. `may_be_to_anybody`: it does not say to whom
    it went, or not so that anybody can tell who that is.
    """

    entry: Entry
    sent: Span | None
    status: str
    outcome: str
    categories: frozenset[str]
    topics: frozenset[str]
    people: frozenset[str]
    media: frozenset[str]
    about: frozenset[str]
    has_strangers: bool
    may_be_to_anybody: bool

    @property
    def is_attempt(self) -> bool:
        """Whether it is an attempt to reach a supporter: by its outcome alone, whatever its status."""
        return self.outcome in ATTEMPTS and bool(self.people)

    @property
    def is_done(self) -> bool:
        """Whether it was carried out."""
        return self.status == "completed"

    def was_within(self, time: Span) -> bool:
        """Whether it was sent at some time within."""
        return self.sent is not None and self.sent.meets(time)

    @property
    def is_written(self) -> bool:
        return not self.media.isdisjoint(WRITTEN)

    @property
    def is_verbal(self) -> bool:
        return not self.media.isdisjoint(VERBAL)


def messages(chart: "Chart") -> tuple[Message, ...]:
    """All Communications of the patient, in the order in which they were sent."""
    found = [_message(chart, entry) for entry in chart.of("Communication")]
    return tuple(sorted(found, key=lambda one: (one.sent or Span(0, 0), one.entry.id)))


def unreadable_contacts(chart: "Chart") -> list[Unreadable]:
    """The records of contact with supporters that cannot be counted, and why."""
    found = ((one, _why(one, chart.clock)) for one in chart.messages if _is_contact(one))
    return [Unreadable(one.entry.versioned, why) for one, why in found if why]


def unreadable_messages(chart: "Chart") -> list[Unreadable]:
    """What was said, told or handed over at a time that cannot be read."""
    return [
        Unreadable(one.entry.versioned, "no-time")
        for one in chart.messages
        if one.sent is None and one.is_done and one.categories & _TELLING
    ]


def _is_contact(one: Message) -> bool:
    """Whether it was to reach somebody, or may have been: what other systems write has no category of ours."""
    if one.outcome or "contact" in one.categories:
        return one.status != "preparation"
    return not one.categories and is_outbound(one.entry.content)


def _why(one: Message, clock: Clock) -> str:
    if one.has_strangers:
        return "recipient-of-another-patient"
    if not one.people:
        return "recipient-unknown" if one.may_be_to_anybody and one.outcome in ATTEMPTS else ""
    if not one.outcome:
        return "no-outcome"
    if one.sent is None:
        return "no-time"
    return "in-the-future" if one.is_attempt and not clock.has_come(one.sent.low) else ""


def _media(concepts: Any) -> frozenset[str]:
    return frozenset([code for one in concepts for system, code in codes(one) if system == PARTICIPATION_MODE])


def _message(chart: "Chart", entry: Entry) -> Message:
    content = entry.content
    outcomes = own(content.get("statusReason"), CONTACT_OUTCOME)
    media = content.get("medium")
    people = chart.people(content.get("recipient"))
    return Message(
        entry=entry,
        sent=span(content.get("sent")),
        status=str(content.get("status", "")),
        outcome=next(iter(outcomes)) if len(outcomes) == 1 else "",
        categories=own(content.get("category"), COMMUNICATION_CATEGORY),
        topics=own(content.get("topic"), INFORMATION_TOPIC),
        people=people,
        media=_media(media) if media else _NONE,
        about=chart.named(content.get("about")),
        has_strangers=not people and chart.names_a_stranger(content.get("recipient")),
        may_be_to_anybody=not people and _may_be_to_anybody(content),
    )


def _may_be_to_anybody(content: Json) -> bool:
    """Of what went to no supporter of this patient: whether it went to nobody who is known to be somebody else."""
    types = contained_types(dict(content))
    recipients = objects(content.get("recipient"))
    return is_outbound(content) and all(type_of(each, types) in _ANYBODY for each in recipients)
