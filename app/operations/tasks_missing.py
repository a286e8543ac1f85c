"""Which tasks the rules demand of some records, and are not there: a few statements, however many records there are."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from app.involvement import owed
from app.involvement.clock import Clock
from app.involvement.indicators.consent_then import ConsentThen
from app.involvement.invitations import Unpermitted, no_longer_permitted
from app.involvement.owed import Entry, Owed
from app.involvement.rules import OF_ROLE
from app.involvement.to_come import next_change
from app.record.context import Context
from app.sharing.facts import Facts
from app.sharing.times import moment
from app.sharing.view import View
from app.storage import indicators
from app.storage import owed as storage
from app.storage.pool import Connection

log = logging.getLogger("kith.rules")

# What a record that nobody expected may raise.
ODD: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rules there are, with the hours until their tasks are due; and after which an unanswered concern is one."""

    hours: Mapping[str, int]
    concern_hours: int


@dataclass(slots=True)
class Looked:
    """The record of one patient, by key, what is owed by it, and the Patient ("Patient/id") that tasks are about.

    `is_odd`: it could not be worked out, or not all of it. `next_change` is when something else may be owed
    though nobody writes, None for never (microseconds).
    """

    key: str
    record: list[Entry]
    patient: str
    found: list[Owed] = field(default_factory=list)
    is_odd: bool = False
    next_change: int | None = None


async def tasks_missing(
    context: Context, connection: Connection, wanted: Wanted, keys: Sequence[str]
) -> list[tuple[Looked, list[Owed]]]:
    """The tasks to make, by patient. A record that cannot be worked out is told to the log, and is odd."""
    records = await storage.records(connection, keys)
    looked = [one for key, record in records.items() if (one := _look(context, wanted, key, record))]
    there = await storage.made(connection, [one.id for each in looked for one in each.found])
    facts = await _facts(context, connection, [each.key for each in looked if _rests_on_consent(wanted, each, there)])
    late = [one for each in looked if each.key in facts for one in _of_invitations(context, wanted, each, facts)]
    there |= await storage.made(connection, [one.id for one in late])
    return [(each, _missing(context, each, there, facts.get(each.key))) for each in looked]


def _look(context: Context, wanted: Wanted, key: str, record: list[Entry]) -> Looked | None:
    """What is owed by one record, but for invitations; None where there is no Patient to make a task about."""
    patients = sorted((e for e in record if e.type == "Patient"), key=lambda e: e.id != key)
    if not patients:
        return None
    looked = Looked(key, record, patients[0].reference)
    with _told(looked):
        found = owed.owed(record, moment(context.rules.now), wanted.concern_hours, context.bases)
        looked.found = [one for one in found if one.rule in wanted.hours]
    return looked


def _rests_on_consent(wanted: Wanted, each: Looked, there: set[str]) -> bool:
    """Whether the sharing decision has to be asked: of an offer that is not made, or of invitations."""
    is_invited = owed.INVITATION_REVIEW in wanted.hours and any(entry.type == "Appointment" for entry in each.record)
    return is_invited or any(one.rule in OF_ROLE and one.id not in there for one in each.found)


async def _facts(context: Context, connection: Connection, keys: list[str]) -> dict[str, Facts]:
    if not keys:
        return {}
    rows = await indicators.of_patients(connection, keys, ())
    return {one.key: one.facts(context.bases, context.policy.sharing) for one in rows}


def _of_invitations(context: Context, wanted: Wanted, each: Looked, facts: Mapping[str, Facts]) -> Iterable[Owed]:
    """The invitations to come that are no longer permitted, which are put to what is owed."""
    if owed.INVITATION_REVIEW not in wanted.hours:
        return ()
    appointments = {entry.reference: entry for entry in each.record if entry.type == "Appointment"}
    unpermitted: list[Unpermitted] = []
    with _told(each):
        contents = [entry.content for entry in appointments.values()]
        unpermitted = no_longer_permitted(facts[each.key], contents, context.rules.now)
    of = [(one, appointments[one.appointment].organisation) for one in unpermitted]
    late = owed.of_invitations(each.record, of, moment(context.rules.now))
    each.found += late
    return late


def _missing(context: Context, each: Looked, there: set[str], facts: Facts | None) -> list[Owed]:
    """Of what is owed and not there what to make: an offer once to each human, to nobody kept away."""
    missing = [one for one in each.found if one.id not in there]
    with _told(each):
        each.next_change = next_change(each.record, facts, moment(context.rules.now))
    if facts is None:
        return [one for one in missing if one.rule not in OF_ROLE]
    now = moment(context.rules.now)
    view, then = View(facts, now), ConsentThen(facts, Clock(now))  # which read nothing before they are asked

    def is_made(one: Owed) -> bool:
        alike = view.identity(one.person).surely
        to_them = {
            other.person for other in each.found if (other.rule, other.organisation) == (one.rule, one.organisation)
        }
        return one.person == min(alike & to_them) and not then.is_not_to_be_contacted(one.person, now)

    found: list[Owed] = []
    with _told(each):
        found += [one for one in missing if one.rule not in OF_ROLE or is_made(one)]
    return found


@contextmanager
def _told(looked: Looked) -> Iterator[None]:
    """A record that cannot be worked out is told to the log, and stands in nobody else's way."""
    try:
        yield
    except ODD:
        looked.is_odd = True
        log.exception("the rules could not be applied to the record of Patient/%s", looked.key)
