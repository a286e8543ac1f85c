"""Makes the tasks that the rules demand, in the background: of whoever's record changed, or whose time has come.

Nothing waits for it, and a check never makes a task. What it makes is what any client could write, once.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final
from uuid import uuid4

from app.fhir.errors import Conflict, FhirError, Unavailable
from app.fhir.parse import check
from app.fhir.resources import BY_TYPE
from app.involvement import owed
from app.involvement.owed import Owed
from app.operations.tasks_missing import ODD, Wanted, tasks_missing
from app.record.context import Context
from app.record.write import Draft, retrying, write
from app.security.caller import Caller
from app.security.scopes import PRIVILEGED
from app.sharing.times import HOUR, instant, moment
from app.storage import owed as storage
from app.storage.owed import Window
from app.storage.pool import Connection
from app.storage.visibility import EVERYTHING

log = logging.getLogger("kith.rules")

CLIENT: Final = "kith rules"
# Who began to write before and commits later is met by looking back.
_LOOK_BACK: Final = timedelta(seconds=60)
# So many records are read at once: the memory that this takes, however many changed.
_AT_ONCE: Final = 100
# What nobody expected is a mistake of this program: a later version may know better, and until then it is told again.
_ODD_AGAIN: Final = timedelta(hours=1)


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
        keys = [patient for patient, changed in due.items() if looked_at.get(patient) != changed]
        count = 0
        for start in range(0, len(keys), _AT_ONCE):
            count += await _apply_to(context, connection, wanted, keys[start : start + _AT_ONCE])
        await storage.seen(connection, now)
    looked_at.clear()
    looked_at.update(due)
    return count


async def _apply_to(context: Context, connection: Connection, wanted: Wanted, keys: list[str]) -> int:
    """Makes the tasks of some records, each in its own transaction; whose cannot be made now are looked at again."""
    made, again = 0, dict[str, datetime]()
    for looked, missing in await tasks_missing(context, connection, wanted, keys):
        done = [await _make(context, one, looked.patient, wanted.hours[one.rule]) for one in missing]
        made += done.count(Made.MADE)
        then = instant(looked.next_change) if looked.next_change is not None else None
        if Made.LATER in done:
            again[looked.key] = context.rules.now
        elif looked.is_odd or Made.ODD in done:
            again[looked.key] = context.rules.now + _ODD_AGAIN
        elif then is not None:
            again[looked.key] = then
    await storage.wait(connection, keys, again)
    return made


class Made(Enum):
    """What became of a task: stored, refused for what it is, not stored now because others are writing, or in no way
    that anybody expected.
    """

    MADE = auto()
    REFUSED = auto()
    LATER = auto()
    ODD = auto()


async def _make(context: Context, one: Owed, patient: str, hours: int) -> Made:
    """Stores the Task as its organisation's. What the record refuses is told to the log, and not tried for ever.

    Raises Unavailable: then nothing was looked at, and all of it is the next time.
    """
    for_it = context._replace(caller=_caller(one.organisation))
    definition = BY_TYPE["Task"]
    try:
        parsed = check(owed.task(one, patient, hours), definition, context.rules)

        async def store() -> None:
            async with for_it.transaction() as connection:
                await write(for_it, connection, Draft(definition, parsed.resource, one.id, "PUT", "create", 201))

        await retrying(store)
    except Unavailable:
        raise
    except Conflict:
        log.warning("the task %s could not be made now, and is tried again", one.id)
        return Made.LATER
    except FhirError as refusal:
        log.warning("the task %s could not be made: %s", one.id, type(refusal).__name__)
        return Made.REFUSED
    except ODD:
        log.exception("the task %s could not be made", one.id)
        return Made.ODD
    return Made.MADE


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
    """A worker that applies the rules; `context` gives the surroundings of now."""

    def __init__(self, context: Callable[[], Context], wanted: Wanted) -> None:
        self._context = context
        self._wanted = wanted
        self._looked_at: dict[str, datetime] = {}

    async def once(self) -> int:
        """Applies the rules now; the number of tasks that were made."""
        return await apply_rules(self._context(), self._wanted, self._looked_at)
