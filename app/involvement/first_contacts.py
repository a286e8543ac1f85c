"""The first three contacts with the patient's network: which are made, with whom, and who is left to try.

Domain, section 2, row 6: three calls around the first assessment, ideally to different people.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.fhir.canonical import extension
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Unreadable
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.involved import attempts
from app.involvement.indicators.messages import Message, unreadable_contacts
from app.involvement.indicators.supporters import Supporter
from app.sharing.reading import Json, extensions, mapping
from app.sharing.view import View

WANTED: Final = 3
REACHED: Final = frozenset({"spoke", "in-person"})
_RESTRICTED: Final = "contact-restricted"
_CAN_OFFER: Final = extension("can-offer")


@dataclass(frozen=True, slots=True)
class Tried:
    """Somebody whom the team tried to reach: how often, with success or not, and what they can do (CodeableConcepts).

    Records that are of one human for certain count as one.
    """

    supporter: str
    attempts: int
    reached: bool
    can_offer: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody whom nobody tried to reach: roles held now, and whether the team may (basis as of the decision)."""

    supporter: str
    roles: tuple[str, ...]
    permitted: bool
    basis: str


@dataclass(frozen=True, slots=True)
class FirstContacts:
    """`contacts` are the first three, of different people as far as there are; `attempts` counts all."""

    contacts: tuple[Message, ...]
    attempts: int
    tried: tuple[Tried, ...]
    left: tuple[Left, ...]
    not_to_try: tuple[Left, ...]
    unreadable: tuple[Unreadable, ...]


def first_contacts(chart: Chart, episode: Episode) -> FirstContacts:
    """What was tried from the referral to the end of an episode, and who is left, as things are now."""
    now = chart.clock.now
    view = View(chart.facts, now)
    made = attempts(chart, episode.from_referral)
    tried = _tried(made, view)
    known = {person for one in tried for person in view.identity(one.supporter).surely}
    others = [one for reference, one in chart.supporters.items() if reference not in known]
    left = [_left(chart, one, now) for one in others if one.linked is not None and one.linked.holds(now)]
    keys = chart.local.key_roles
    left.sort(key=lambda one: (keys.isdisjoint(one.roles), not one.permitted, one.supporter))
    return FirstContacts(
        contacts=tuple(_first(made, view)),
        attempts=len(made),
        tried=tuple(tried),
        left=tuple(one for one in left if one.basis != _RESTRICTED),
        not_to_try=tuple(one for one in left if one.basis == _RESTRICTED),
        unreadable=tuple(unreadable_contacts(chart)),
    )


def _first(made: Iterable[Message], view: View) -> list[Message]:
    """The first contact with each of three people; where there are fewer people, further contacts with them."""
    new: list[Message] = []
    again: list[Message] = []
    met: set[str] = set()
    for one in made:
        people = _people(one, view)
        (again if people <= met else new).append(one)
        met |= people
    chosen = [*new, *again][:WANTED]
    return sorted(chosen, key=lambda one: (one.sent, one.entry.reference))


def _tried(made: Iterable[Message], view: View) -> list[Tried]:
    found: dict[str, list[Message]] = {}
    for one in made:
        for person in sorted(_people(one, view)):
            found.setdefault(person, []).append(one)
    return [
        Tried(
            supporter=person,
            attempts=len(messages),
            reached=any(one.outcome in REACHED for one in messages),
            can_offer=tuple(_offers(messages)),
        )
        for person, messages in found.items()
    ]


def _offers(messages: Iterable[Message]) -> list[Json]:
    said = (mapping(each.get("valueCodeableConcept")) for one in messages for each in _said(one))
    distinct: list[Json] = []
    for each in said:
        if each and each not in distinct:
            distinct.append(each)
    return distinct


def _said(message: Message) -> list[Json]:
    return extensions(message.entry.content, _CAN_OFFER)


def _people(message: Message, view: View) -> set[str]:
    """Whom it went to, each human by one name."""
    return {min(view.identity(person).surely) for person in message.people}


def _left(chart: Chart, one: Supporter, now: int) -> Left:
    found = chart.consent.finding(one.reference, "make-contact", now)
    roles = tuple(dict.fromkeys(role.code for role in one.roles if role.is_held(now)))
    return Left(one.reference, roles, found.decision == "permit", found.basis)
