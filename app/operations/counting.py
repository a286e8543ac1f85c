"""Counting for $evaluate-measure: here, a few patients at a time; of a whole team's year in processes of their own.

It is work for the processor. In this process others would wait for it, and one processor would do all of it.
"""

import asyncio
import gc
import logging
import os
import threading
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import Final, NamedTuple

from app.fhir.errors import Unavailable
from app.involvement.indicators import figures
from app.involvement.indicators.all import INDICATORS
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.evaluate import Found, choose, evaluate, tell
from app.involvement.indicators.local import Local
from app.involvement.indicators.tally import Tally
from app.sharing.facts import Policy
from app.sharing.times import Span
from app.storage.kept_figures import Figures
from app.storage.patient_rows import PatientRows

log = logging.getLogger("kith")

# So many patients are counted apart, and so many handed over at a time: a few megabytes of rows for each process.
MANY: Final = 1_000
APART: Final = 100
# As many processes as there are processors, up to so many; each takes some 100 MB from its first report on.
PROCESSES: Final = min(os.cpu_count() or 1, 4)
# Whoever asks about one patient goes before.
_NICER: Final = 5

Counts = dict[str, Tally]


class Counted(NamedTuple):
    """What there is to count in the records of some patients, and what was worked out of these and is to be kept."""

    counts: Counts
    figures: list[Figures]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is counted: of which measures, teams and time, as of `now` (microseconds), by which policy and settings."""

    measures: tuple[str, ...]
    teams: tuple[str, ...]
    within: Span
    now: int
    listed: bool
    bases: tuple[str, ...]
    policy: Policy
    local: Local

    def nothing(self) -> Counts:
        """What is counted of nobody."""
        return {id_: Tally(listed=self.listed) for id_ in self.measures}


def count(patients: Sequence[PatientRows], wanted: Wanted) -> Counted:
    """What there is to count in the records of these patients."""
    counted = Counted(wanted.nothing(), [])
    with _without_collection():
        for rows in patients:
            for found in _found(rows, wanted, counted.figures):
                counted.counts[found.indicator].add(found)
    return counted


def _found(rows: PatientRows, wanted: Wanted, new: list[Figures]) -> Iterator[Found]:
    """What is said of one patient; figures that are worked out and stay so for a while are among the `new`."""
    if rows.figures:
        return choose(figures.read(rows.figures), wanted.measures, wanted.within, wanted.teams)
    chart = Chart(
        rows.facts(wanted.bases, wanted.policy), rows.entries(), wanted.local, wanted.now, listed=wanted.listed
    )
    if not rows.digest or len(wanted.measures) < len(INDICATORS):
        return evaluate(chart, wanted.measures, wanted.within, wanted.teams)
    told = tell(chart, wanted.measures)
    if chart.clock.until > wanted.now:
        new.append(Figures(rows.key, rows.digest, chart.clock.until, figures.written(told)))
    return choose(told, wanted.measures, wanted.within, wanted.teams)


async def counted_here(patients: AsyncIterator[list[PatientRows]], wanted: Wanted) -> AsyncGenerator[Counted, None]:
    """What there is to count in each slice, counted in this process."""
    async for some in patients:
        yield count(some, wanted)
        # Others wait for this process too.
        await asyncio.sleep(0)


async def counted_apart(patients: AsyncIterator[list[PatientRows]], wanted: Wanted) -> AsyncGenerator[Counted, None]:
    """The same, in the same order, counted in other processes. Raises Unavailable when one of these dies."""
    pool, loop = _processes(), asyncio.get_running_loop()
    waiting: deque[asyncio.Future[Counted]] = deque()
    try:
        async for some in patients:
            waiting.append(loop.run_in_executor(pool, count, some, wanted))
            if len(waiting) > 2 * PROCESSES:
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()
    except BrokenExecutor:
        _processes.cache_clear()
        log.exception("a process that counted for a report has died")
        raise Unavailable("The report could not be finished: ask again.") from None
    finally:
        for each in waiting:
            each.cancel()


@cache
def _processes() -> Executor:
    """Made when there is something for them to do, and kept: what they load takes longer than a small report."""
    return ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"), initializer=_prepare)


async def stop() -> None:
    """Ends these processes, if there are any."""
    if _processes.cache_info().currsize:
        pool = _processes()
        _processes.cache_clear()
        await asyncio.to_thread(pool.shutdown, cancel_futures=True)


def _prepare() -> None:
    """Such a process gives way to those that answer, and ends when the one that it works for does."""
    os.nice(_NICER)
    # What is loaded by now is there for good: it need not be looked through for what could be collected.
    gc.freeze()
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: BaseProcess) -> None:
    """A killed parent cannot end its processes."""
    parent.join()
    os._exit(0)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Charts are many small objects and hardly any cycles: looking for those takes longer than the work itself."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
