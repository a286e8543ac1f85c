"""What the commands on the database itself share: the database, open, and a row of the trail for what was done."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg

from app.fhir.errors import Unavailable
from app.refusal import Refusal
from app.storage import schema
from app.storage.audit import AuditRow, storable
from app.storage.pool import ROLE, Connection, Database

T = TypeVar("T")


@asynccontextmanager
async def opened(url: str, role: str = ROLE) -> AsyncIterator[Database]:
    """The database at `url`, under a role ("none": that of the address).

    Raises Refusal when it cannot be reached, or is not as this Kith expects it.
    """
    found = await schema.compare(url)
    if found.standing != "current":
        raise Refusal(schema.refusal(found))
    database = Database(url, size=2, role=role)
    try:
        await database.open()
        yield database
    finally:
        await database.close()


def run(url: str, role: str, work: Callable[[Connection], Awaitable[T]], what: str) -> T:
    """Does the work on one connection under a role ("none": that of the address).

    Raises Refusal, which says that `what` cannot be reached, when the database stands in the way.
    """

    async def done() -> T:
        async with opened(url, role) as database, database.connection(None) as connection:
            return await work(connection)

    try:
        return asyncio.run(done())
    except (asyncpg.PostgresError, OSError, Unavailable) as problem:
        raise Refusal(f"{what}: {problem}") from None


def row(interaction: str, outcome: str, client: str, **more: Any) -> AuditRow:
    """The row for an act of administration; `more` are members of AuditRow."""
    unsaid: dict[str, Any] = {
        "type": "",
        "id": "",
        "version": 0,
        "patient": "",
        "status": 200,
        "query": "",
        "organisation": "",
        "user_role": "",
        "correlation_id": "",
    }
    return AuditRow(
        recorded=datetime.now(UTC),
        interaction=interaction,
        outcome=storable(outcome),
        client=client,
        request_id=str(uuid4()),
        **unsaid | more,
    )
