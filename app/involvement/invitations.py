"""Who is invited to which meeting, and whether that is permitted: Appointment, and CommunicationRequest about one.

https://hl7.org/fhir/R4/appointment.html
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.fhir.own_codes import own_codes
from app.fhir.vocabulary.episodes import MEETING_TYPE
from app.fhir.words import words
from app.involvement.asked import answers_at
from app.involvement.contact import type_of
from app.involvement.contained import uncontained
from app.sharing.answer import Answer
from app.sharing.directory import Directory
from app.sharing.facts import Facts
from app.sharing.reading import Json, objects
from app.sharing.times import FOREVER, moment, span

# What the sharing decision is asked about.
SCOPE: Final = "meetings"
# Meetings for the supporter's own sake, which are owed whatever the patient agreed to.
THEIR_OWN: Final = words("own-needs-meeting debrief")
_RESTRICTED: Final = "contact-restricted"
_OFF: Final = words("cancelled noshow entered-in-error")
_OPEN: Final = words("proposed pending booked arrived checked-in waitlist")
_NOT_SENT: Final = words("draft revoked entered-in-error")


@dataclass(frozen=True, slots=True)
class Invited:
    """A supporter among those who are to come, and where that is said."""

    supporter: str
    path: str
    element: Json


@dataclass(frozen=True, slots=True)
class Unpermitted:
    """An invitation to a meeting to come that the patient's decisions no longer permit, and the answer that says so."""

    appointment: str
    supporter: str
    answer: Answer


def invited(resource: Json, directory: Directory) -> Iterator[Invited]:
    """The supporters known here whom an Appointment, or a CommunicationRequest about one, invites."""
    name = "participant" if resource.get("resourceType") == "Appointment" else "recipient"
    for index, element in enumerate(objects(uncontained(resource).get(name))):
        who = directory.find(element.get("actor") if name == "participant" else element)
        if who.type == "RelatedPerson" and who.reference:
            yield Invited(who.reference, f"{resource['resourceType']}.{name}[{index}]", element)


def invites(resource: Json) -> bool:
    """Whether it says that people are to come, as far as its status tells."""
    if resource.get("resourceType") == "Appointment":
        return resource.get("status") not in _OFF
    about = (type_of(each) for each in objects(resource.get("about")))
    return resource.get("status") not in _NOT_SENT and "Appointment" in about


def is_denied(resource: Json, answer: Answer) -> bool:
    """Whether an answer about `meetings` denies this invitation, and it is not owed anyway."""
    if answer.decision == "permit":
        return False
    kinds = own_codes((*objects(resource.get("serviceType")), *objects(resource.get("reasonCode"))), MEETING_TYPE)
    is_their_own = bool(kinds) and THEIR_OWN.issuperset(kinds)
    return not is_their_own or answer.basis == _RESTRICTED


def no_longer_permitted(facts: Facts, appointments: Iterable[Json], now: datetime) -> list[Unpermitted]:
    """The invitations among these Appointments of one patient that are to come and no longer permitted.

    What to do about them is for the team and the patient: nothing is changed or cancelled by itself.
    """
    directory = Directory(facts, FOREVER)
    found = [
        (appointment, one.supporter)
        for appointment in appointments
        if appointment.get("status") in _OPEN and _is_to_come(appointment, now)
        for one in invited(appointment, directory)
    ]
    answers = answers_at(facts, (supporter for _, supporter in found), SCOPE, now, now)
    return [
        Unpermitted(f"Appointment/{appointment['id']}", supporter, answers[supporter])
        for appointment, supporter in found
        if is_denied(appointment, answers[supporter])
    ]


def _is_to_come(appointment: Json, now: datetime) -> bool:
    """Whether it begins later; of one that does not say when, nobody knows that it was."""
    start = span(appointment.get("start"))
    return start is None or start.high > moment(now)
