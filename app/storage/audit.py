"""The audit trail: rows that are only ever inserted, before the answer or within a second of it.

Writes put their row into their own transaction. Reads and searches put theirs in a bounded queue; when it is full,
or the last attempt to write it failed, they are refused (503), so that nothing is answered that is not recorded.
"""

import logging
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import asyncpg

from app.fhir.errors import Unavailable
from app.repeating import Repeating
from app.storage.pool import Connection, Database

log = logging.getLogger("kith.audit")

FLUSH_SECONDS = 0.25
BATCH = 2_000
# The longest text of a row, and how one ends that was longer.
LONGEST = 2_000
CUT = " [...]"


class AuditRow(NamedTuple):
    """One interaction: who did what to which version, and how it ended. The fields are the columns, in order.

    `detail` is JSON that an interaction of its own kind has to tell beyond that; of a search the patients, if several.
    """

    recorded: datetime
    interaction: str
    type: str
    id: str
    version: int
    patient: str
    status: int
    outcome: str
    query: str
    client: str
    organisation: str
    user_role: str
    request_id: str
    correlation_id: str
    detail: bytes | None = None


COLUMNS = ", ".join(AuditRow._fields)
ARRAYS = (
    "$1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::int[], $8::text[], $9::text[],"
    " $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::json[]"
)
INSERT = f"INSERT INTO audit ({COLUMNS}) SELECT * FROM unnest({ARRAYS})"


def storable(text: str) -> str:
    """What a caller sent, cut, and without what PostgreSQL cannot hold: an audit row must never fail to be written."""
    if len(text) > LONGEST:
        text = text[: LONGEST - len(CUT)] + CUT
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


async def record(connection: Connection, rows: Sequence[AuditRow]) -> None:
    """Inserts rows: durable when the transaction around this is, or at once without one. Raises Unavailable."""
    try:
        await connection.execute(INSERT, *columns(rows))
    except asyncpg.PostgresError as problem:
        raise Unavailable("The audit trail cannot be written, so nothing may be changed.") from problem


def columns(rows: Sequence[AuditRow]) -> list[list[Any]]:
    """Rows as the arrays of a statement, a column each."""
    return [list(column) for column in zip(*rows, strict=True)]


class AuditQueue:
    """The audit rows of reads that wait to be written by one worker process."""

    def __init__(self, database: Database, *, size: int) -> None:
        self._database = database
        self._size = size
        self._waiting: deque[AuditRow] = deque()
        self._failing = False
        self.writing = Repeating(self.flush, seconds=FLUSH_SECONDS, name=log.name)

    @property
    def load(self) -> float:
        """How full the queue is, from 0 to 1."""
        return len(self._waiting) / self._size

    def check(self) -> None:
        """Raises Unavailable when a read could not be recorded now."""
        if self._failing or len(self._waiting) >= self._size:
            raise Unavailable("The audit trail cannot be written, so nothing may be read.")

    def put(self, row: AuditRow) -> None:
        """Queues a row, or raises Unavailable."""
        self.check()
        self._waiting.append(row)

    def start(self) -> None:
        self.writing.start()

    async def stop(self) -> None:
        """Writes what waits, then ends."""
        await self.writing.stop()
        await self.flush()

    async def flush(self) -> None:
        """Writes all waiting rows; on failure they stay queued and reads are refused until a later flush succeeds."""
        while self._waiting or self._failing:
            batch = list(islice(self._waiting, BATCH))
            try:
                async with self._database.connection(None) as connection:
                    if batch:
                        await connection.copy_records_to_table("audit", records=batch, columns=AuditRow._fields)
                    else:
                        await connection.fetchval("SELECT 1")
            except Exception:
                if not self._failing:
                    log.exception("audit rows cannot be written; reads are refused until they can")
                self._failing = True
                return
            for _ in batch:
                self._waiting.popleft()
            self._failing = False
