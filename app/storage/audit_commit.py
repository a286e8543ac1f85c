"""Audit rows that must be durable before an answer is given: whoever waits at the same time shares one commit.

While one batch is being committed, or a connection is waited for, the next gathers, so that concurrent checks cost one
flush of the disk together and a lone one waits for nobody.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(slots=True)
class Waiting:
    """A row on its way, and who waits for the key that it gets."""

    row: AuditRow
    detail: bytes | None
    key: asyncio.Future[int]


class AuditCommit:
    """Commits audit rows for one worker process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def commit(self, row: AuditRow, detail: bytes | None) -> int:
        """The key of the row, once it is durable. Raises Unavailable when it cannot be written."""
        waiting = Waiting(row, detail, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="audit-commit")
        return await waiting.key

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
                    keys = await insert(connection, [one.row for one in batch], [one.detail for one in batch])
                    for waiting, key in zip(batch, keys, strict=True):
                        if not waiting.key.done():
                            waiting.key.set_result(key)
        except Exception as problem:  # noqa: BLE001  # whatever it is, those who wait are told
            failure = problem if isinstance(problem, Unavailable) else Unavailable("The audit trail cannot be written.")
            # Without a connection there was no batch yet.
            for waiting in batch or self._take():
                if not waiting.key.done():
                    waiting.key.set_exception(failure)

    def _take(self) -> list[Waiting]:
        taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        return taken


async def insert(connection: Connection, rows: Sequence[AuditRow], details: Sequence[bytes | None]) -> list[int]:
    """Inserts rows, each with what it has to tell beyond them; their keys, in order. Raises Unavailable."""
    try:
        told = [row._replace(detail=detail) for row, detail in zip(rows, details, strict=True)]
        inserted = await connection.fetch(INSERT, *columns(told))
    except asyncpg.PostgresError as problem:
        raise Unavailable("The audit trail cannot be written.") from problem
    # Keys are given in the order of the rows; RETURNING does not promise to keep it.
    return sorted(row["key"] for row in inserted)
