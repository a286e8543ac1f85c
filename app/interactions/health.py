"""Whether the service can do its work: what it depends on, tried now."""

from dataclasses import dataclass
from typing import Literal

from app.fhir.errors import Unavailable
from app.storage.audit import AuditQueue
from app.storage.pool import Database

HALF_FULL = 0.5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the service depends on, and how it is."""

    name: str
    status: Literal["pass", "warn", "fail"]
    output: str = ""


async def health(database: Database, audit: AuditQueue) -> tuple[Check, ...]:
    """The database and the audit trail, each with its state."""
    return await _database(database), _audit(audit)


async def _database(database: Database) -> Check:
    try:
        async with database.connection(None) as connection:
            await connection.fetchval("SELECT 1")
    except Unavailable:
        return Check("database", "fail", "The database cannot be reached.")
    return Check("database", "pass")


def _audit(audit: AuditQueue) -> Check:
    try:
        audit.check()
    except Unavailable as problem:
        return Check("audit", "fail", str(problem))
    return Check("audit", "warn" if audit.load > HALF_FULL else "pass", f"{audit.load:.0%} of the queue is in use.")
