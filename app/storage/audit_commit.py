"""Audit rows that must be durable before an answer is given: whoever waits at the same time shares one commit.

While one batch is being committed, or a connection is waited for, the next gathers, so that concurrent checks cost one
flush of the disk together and a lone one waits for nobody.
"""

import asyncio
from collections.abc import Sequence
from itertools import accumulate, islice
from typing import NamedTuple

import asyncpg

from app.fhir.errors import Unavailable
from app.storage.audit import ARRAYS, COLUMNS, AuditRow, columns
from app.storage.pool import Connection, Database

INSERT = f"""
INSERT INTO audit ({COLUMNS})
SELECT {COLUMNS} FROM unnest({ARRAYS}) WITH ORDINALITY AS a({COLUMNS}, place) ORDER BY place
RETURNING key
"""
MOST = 500


class Waiting(NamedTuple):
    """The rows of a request on their way, and who waits for the keys that they get."""

    rows: Sequence[AuditRow]
    keys: asyncio.Future[list[int]]


class AuditCommit:
    """Commits audit rows for one worker process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def commit(self, rows: Sequence[AuditRow]) -> list[int]:
        """The keys of these rows, in order, once all of them are durable. Raises Unavailable when none is written."""
        waiting = Waiting(rows, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="audit-commit")
        return await waiting.keys

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._write()
        finally:
            self._task = None

    async def _write(self) -> None:
        """Batch after batch on one connection, each of those who wait by then."""
        batch: list[Waiting] = []
        try:
            async with self._database.connection(None) as connection:
                while self._waiting:
                    batch = self._take()
                    keys = iter(await insert(connection, [row for waiting in batch for row in waiting.rows]))
                    for waiting in batch:
                        own = list(islice(keys, len(waiting.rows)))
                        if not waiting.keys.done():
                            waiting.keys.set_result(own)
        except Exception as problem:  # noqa: BLE001  # whatever it is, those who wait are told
            failure = problem if isinstance(problem, Unavailable) else Unavailable("The audit trail cannot be written.")
            # Without a connection there was no batch yet.
            for waiting in batch or self._take():
                if not waiting.keys.done():
                    waiting.keys.set_exception(failure)

    def _take(self) -> list[Waiting]:
        """Those who wait, the first and whoever has room beside it: the rows of a request stay together."""
        totals = accumulate(len(waiting.rows) for waiting in self._waiting)
        count = max(1, sum(total <= MOST for total in totals))
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken


async def insert(connection: Connection, rows: Sequence[AuditRow]) -> list[int]:
    """Inserts rows; their keys, in order. Raises Unavailable."""
    try:
        inserted = await connection.fetch(INSERT, *columns(rows))
    except asyncpg.PostgresError as problem:
        raise Unavailable("The audit trail cannot be written.") from problem
    # Keys are given in the order of the rows; RETURNING does not promise to keep it.
    return sorted(row["key"] for row in inserted)
