"""What stands against deleting a resource: its own past, and those that refer to it."""

from collections.abc import Collection
from dataclasses import dataclass

from app.storage.audit import AuditRow, record
from app.storage.pool import Connection
from app.storage.resources import Stored

SHOWN = 5
UNSEEN = "a record that you may not see"

USERS = "SELECT name, forbids FROM kith_users($1, $2, $3, $4, $5, $6, $7)"

VERSIONS = """
SELECT COALESCE(v.whole, v.content) AS content FROM resource_version v
WHERE v.type = $1 AND v.id = $2 AND v.content IS NOT NULL
"""


async def versions(connection: Connection, stored: Stored) -> list[bytes]:
    """The contents of every version of a resource that was no deletion."""
    return [row["content"] for row in await connection.fetch(VERSIONS, stored.type, stored.id)]


@dataclass(frozen=True, slots=True)
class Users:
    """Who refers to a resource: some names, and whether any is of the types for which it has to be kept.

    A record that the caller may not see is counted and not named.
    """

    names: tuple[str, ...]
    forbids: bool


async def users(
    connection: Connection, stored: Stored, kept_for: tuple[str, ...], going: Collection[int] = ()
) -> Users | None:
    """Those that refer to a locked resource now, the ones of the types `kept_for` first; None when there are none.

    `going` are the keys of resources that are deleted with it, whose references do not count.
    """
    about = (stored.type, stored.id, stored.key, stored.patient)
    rows = await connection.fetch(USERS, *about, list(kept_for), list(going), SHOWN)
    names = tuple(row["name"] or UNSEEN for row in rows)
    return Users(names, rows[0]["forbids"]) if rows else None


async def record_nothing_deleted(connection: Connection, row: AuditRow) -> None:
    await record(connection, [row])
