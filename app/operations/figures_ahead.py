"""Works figures out before they are asked for, in the background: the first report of a morning is as quick as any.

docs/decisions/0025. Nothing waits for it. What it keeps is what a report of such a caller would have kept.
"""

from collections.abc import Callable, Sequence
from contextlib import aclosing
from datetime import timedelta
from typing import Final
from uuid import uuid4

from app.fhir.levels import CONFIDENTIAL
from app.involvement.indicators.all import INDICATORS, TYPES
from app.operations import counting, keeping_figures
from app.record.context import Context
from app.security.caller import Caller
from app.security.scopes import EVERYTHING as EVERY_SCOPE
from app.security.scopes import PRIVILEGED
from app.sharing.times import Span, moment
from app.storage import figures_ahead as storage
from app.storage import indicators
from app.storage.figures_ahead import Place
from app.storage.own_records import OF_THE_PATIENT
from app.storage.visibility import EVERYTHING, Visibility

# So many patients at once, one after the other: others wait for a millisecond or two, and a stop for some seconds.
MOST: Final = 1_000
# Who began to write before and commits later is met by looking back.
_LOOK_BACK: Final = timedelta(seconds=60)
# What changed longer ago is left to the reports: after a pause nobody goes through years.
LONGEST: Final = timedelta(days=1)
_CHANGED: Final = sorted(TYPES.union(OF_THE_PATIENT))


async def work_ahead(context: Context, *, for_everybody: bool = False, longest: timedelta = LONGEST) -> int:
    """Works out the figures of whoever changed, for callers who asked before; the number of patients looked at.

    With `for_everybody` nobody needs to have asked: callers are not told apart, and there is one sort. `longest` is
    how far it looks back. None while another worker is at it, and none where figures are not kept.
    """
    if not context.policy.figures_days:
        return 0
    oldest = Place(context.rules.now - longest)
    async with context.database.transaction(EVERYTHING) as connection:
        return await _work(context, oldest, for_everybody=for_everybody) if await storage.take(connection) else 0


async def _work(context: Context, oldest: Place, *, for_everybody: bool) -> int:
    looked_at, is_through = 0, True
    async with context.database.connection(EVERYTHING) as connection:
        if for_everybody:
            await storage.asked(connection, EVERYTHING, oldest.changed)
        audiences = await storage.audiences(connection, context.policy.figures_days)
    for audience in audiences:
        after = max(audience.place, oldest)
        came = await _for(context._replace(caller=_caller(audience.sees)), after, MOST - looked_at)
        looked_at += len(came)
        is_through = looked_at < MOST
        place = Place(context.rules.now - _LOOK_BACK) if is_through else came[-1]
        async with context.database.connection(EVERYTHING) as connection:
            await storage.come_to(connection, audience, place)
        if not is_through:
            break
    return looked_at


async def _for(context: Context, after: Place, most: int) -> Sequence[Place]:
    """The same for such callers, of so many patients."""
    basis = keeping_figures.basis(context, listed=False)
    assert basis is not None, "it is asked for where figures are kept"
    async with context.connection() as connection:
        came = await storage.changed(connection, _CHANGED, after, moment(context.rules.now), most)
    rows = indicators.gather(context.connection, [one.patient for one in came], TYPES, 1, basis)
    async with aclosing(rows), aclosing(counting.counted_here(rows, _everything(context))) as counted:
        made = [one async for some in counted for one in some.figures]
    if made:
        await keeping_figures.keep(context, basis, made)
    return came


def _everything(context: Context) -> counting.Wanted:
    """All measures; of no time, since nothing is counted."""
    return counting.Wanted(
        measures=tuple(INDICATORS),
        teams=(),
        within=Span(0, 0),
        now=moment(context.rules.now),
        listed=False,
        bases=context.bases,
        policy=context.policy.sharing,
        local=context.policy.local,
    )


def _caller(sees: Visibility) -> Caller:
    """Somebody who sees this much."""
    return Caller(
        request_id=str(uuid4()),
        organisation=sees.own,
        organisations=sees.organisations,
        scopes=PRIVILEGED if sees.level == CONFIDENTIAL else EVERY_SCOPE,
    )


class Ahead:
    """A worker that does so again and again; `context` gives the surroundings of now."""

    def __init__(self, context: Callable[[], Context], *, for_everybody: bool, longest: timedelta = LONGEST) -> None:
        self._context = context
        self._for_everybody = for_everybody
        self._longest = longest

    async def once(self) -> int:
        """Works ahead now; the number of patients looked at."""
        return await work_ahead(self._context(), for_everybody=self._for_everybody, longest=self._longest)
