"""What stands against deleting a resource: its own past, and those that refer to it."""

from collections.abc import Collection

from app.storage.audit import AuditRow, record
from app.storage.pool import Connection
from app.storage.resources import Stored

SHOWN = 5

# A supporter may also be named by an identifier that is his (Validated Relationships Consents name by NHS number).
USERS = """
SELECT DISTINCT r.type || '/' || r.id AS name, r.type = ANY($6::text[]) AS forbids
FROM search_reference k JOIN resource r ON r.key = k.resource
WHERE k.resource <> $3 AND k.resource <> ALL($7::bigint[]) AND (
    (k.target_type = $1 AND k.target_id = $2)
    OR ($1 = 'RelatedPerson' AND k.value <> '' AND r.patient = $4 AND (k.parameter, k.value, k.system) IN (
        SELECT p.name, t.code, t.system
        FROM search_token t,
             unnest(ARRAY['Consent.actor', 'Consent.any-actor', 'Consent', 'CareTeam.participant', 'Flag']) AS p(name)
        WHERE t.resource = $3 AND t.parameter = 'RelatedPerson.identifier')))
ORDER BY forbids DESC, name LIMIT $5
"""

VERSIONS = """
SELECT v.content FROM resource_version v WHERE v.type = $1 AND v.id = $2 AND v.content IS NOT NULL
"""


async def versions(connection: Connection, stored: Stored) -> list[bytes]:
    """The contents of every version of a resource that was no deletion."""
    return [row["content"] for row in await connection.fetch(VERSIONS, stored.type, stored.id)]


async def users(
    connection: Connection, stored: Stored, kept_for: tuple[str, ...], going: Collection[int] = ()
) -> tuple[str, ...]:
    """Some of those that refer to a locked resource now; those of the types `kept_for` come first.

    `going` are the keys of resources that are deleted with it, whose references do not count.
    """
    about = (stored.type, stored.id, stored.key, stored.patient)
    found = await connection.fetch(USERS, *about, SHOWN, list(kept_for), list(going))
    return tuple(user["name"] for user in found)


async def record_nothing_deleted(connection: Connection, row: AuditRow) -> None:
    await record(connection, [row])
