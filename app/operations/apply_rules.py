"""Makes the tasks that the rules demand, in the background: of whoever's record changed, or whose time has come.

Nothing waits for it, and a check never makes a task. What it makes is what any client could write, once.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from app.fhir.errors import FhirError, Unavailable
from app.fhir.links import PatientName
from app.fhir.parse import check
from app.fhir.resources import BY_TYPE
from app.involvement import owed
from app.involvement.indicators.consent_then import ConsentThen
from app.involvement.invitations import Unpermitted, no_longer_permitted
from app.involvement.owed import Entry, Owed
from app.involvement.rules import OF_ROLE
from app.record.context import Context
from app.record.write import Draft, retrying, write
from app.security.caller import Caller
from app.security.scopes import PRIVILEGED
from app.sharing.facts import Facts
from app.sharing.times import HOUR, moment
from app.sharing.view import View
from app.storage import facts
from app.storage import owed as storage
from app.storage.facts import Named
from app.storage.owed import Window
from app.storage.pool import Connection
from app.storage.visibility import EVERYTHING

log = logging.getLogger("kith.rules")

CLIENT: Final = "kith rules"
# Who began to write before and commits later is met by looking back.
_LOOK_BACK: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rules there are, with the hours until their tasks are due; and after which an unanswered concern is one."""

    hours: Mapping[str, int]
    concern_hours: int


async def apply_rules(context: Context, wanted: Wanted, looked_at: dict[str, datetime]) -> int:
    """Makes what is owed and not there yet; the number of tasks. 0 while another worker is at it.

    `looked_at` says how each record stood when it was looked at last; it is brought up to date.
    """
    now = context.rules.now
    async with context.database.transaction(EVERYTHING) as connection:
        before = await storage.take(connection)
        if before is None:
            return 0
        low, high = moment(before - _LOOK_BACK), moment(now)
        window = Window(before - _LOOK_BACK, now, low, high, wanted.concern_hours * HOUR)
        due = await storage.due(connection, window)
        count = 0
        for patient, changed in due.items():
            if looked_at.get(patient) != changed:
                count += await _apply_to(context, connection, wanted, patient)
        await storage.seen(connection, now)
    looked_at.clear()
    looked_at.update(due)
    return count


async def _apply_to(context: Context, connection: Connection, wanted: Wanted, patient: str) -> int:
    """Likewise for one record; one that cannot be worked out is told to the log, and stands in nobody else's way."""
    try:
        return await _apply(context, connection, wanted, patient)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        log.exception("the rules could not be applied to the record of Patient/%s", patient)
        return 0


async def _apply(context: Context, connection: Connection, wanted: Wanted, patient: str) -> int:
    """Makes the tasks of one record, each in a transaction of its own."""
    record = await storage.record(connection, patient)
    unpermitted = await _unpermitted(context, connection, record, patient)
    found = owed.owed(record, unpermitted, moment(context.rules.now), wanted.concern_hours)
    found = [one for one in found if one.rule in wanted.hours]
    there = await storage.made(connection, [one.id for one in found])
    missing = await _offered(context, connection, patient, found, there)
    reference = f"Patient/{await storage.patient_id(connection, patient)}" if missing else ""
    if reference == "Patient/":
        return 0
    made = [await _make(context, one, reference, wanted.hours[one.rule]) for one in missing]
    return sum(made)


async def _unpermitted(
    context: Context, connection: Connection, record: list[Entry], patient: str
) -> list[tuple[Unpermitted, str]]:
    """The invitations to come that are no longer permitted, with the organisation of each."""
    appointments = {entry.reference: entry for entry in record if entry.type == "Appointment"}
    if not appointments:
        return []
    known = await _known(context, connection, patient)
    contents = [entry.content for entry in appointments.values()]
    found = no_longer_permitted(known, contents, context.rules.now) if known else []
    return [(one, appointments[one.appointment].organisation) for one in found]


async def _offered(
    context: Context, connection: Connection, patient: str, found: list[Owed], there: set[str]
) -> list[Owed]:
    """Of what was `found` and is not `there` what to make: an offer once to each human, to nobody kept away."""
    missing = [one for one in found if one.id not in there]
    offers = [one for one in missing if one.rule in OF_ROLE]
    known = await _known(context, connection, patient) if offers else None
    if known is None:
        return missing
    now = moment(context.rules.now)
    view, then = View(known, now), ConsentThen(known, now)

    def is_made(one: Owed) -> bool:
        alike = view.identity(one.person).surely
        to_them = {each.person for each in found if (each.rule, each.organisation) == (one.rule, one.organisation)}
        return one.person == min(alike & to_them) and not then.is_not_to_be_contacted(one.person, now)

    return [one for one in missing if one.rule not in OF_ROLE or is_made(one)]


async def _known(context: Context, connection: Connection, patient: str) -> Facts | None:
    name = PatientName(id=patient)
    return await facts.gather(connection, name, Named(), context.policy.sharing, context.bases, patient)


async def _make(context: Context, one: Owed, patient: str, hours: int) -> bool:
    """Stores the Task as its organisation's. What the record refuses is told to the log, and not tried for ever.

    Raises Unavailable: then nothing was looked at, and all of it is the next time.
    """
    for_it = replace(context, caller=_caller(one.organisation))
    definition = BY_TYPE["Task"]
    try:
        parsed = check(owed.task(one, patient, hours), definition, context.rules)

        async def store() -> None:
            async with for_it.transaction() as connection:
                await write(for_it, connection, Draft(definition, parsed.resource, one.id, "PUT", "create", 201))

        await retrying(store)
    except Unavailable:
        raise
    except FhirError as refusal:
        log.warning("the task %s could not be made: %s", one.id, type(refusal).__name__)
        return False
    return True


def _caller(organisation: str) -> Caller:
    return Caller(
        request_id=str(uuid4()),
        client=CLIENT,
        client_name=CLIENT,
        organisation=organisation,
        # Without organisations (KITH_AUTHENTICATION=off) records are nobody's, and everybody's.
        organisations=frozenset({organisation}) if organisation else None,
        scopes=PRIVILEGED,
    )


class Rules:
    """The task of a worker that applies the rules every few seconds; `context` gives the surroundings of now."""

    def __init__(self, context: Callable[[], Context], wanted: Wanted, *, seconds: float) -> None:
        self._context = context
        self._wanted = wanted
        self._seconds = seconds
        self._looked_at: dict[str, datetime] = {}
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="rules")

    async def stop(self) -> None:
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def once(self) -> int:
        """Applies the rules now; the number of tasks that were made."""
        return await apply_rules(self._context(), self._wanted, self._looked_at)

    async def _run(self) -> None:
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._seconds)
            try:
                await self.once()
            except Exception:
                log.exception("the rules could not be applied; it is tried again")
