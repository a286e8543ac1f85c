"""What stands against deleting a resource: its own past, and those that refer to it."""

from dataclasses import dataclass

from app.storage.audit import AuditRow, record
from app.storage.pool import Connection
from app.storage.resources import Stored

SHOWN = 5

# A supporter may also be named by an identifier that is his (Validated Relationships Consents name by NHS number).
USERS = """
SELECT DISTINCT r.type || '/' || r.id AS name, r.type = ANY($6::text[]) AS forbids
FROM search_reference k JOIN resource r ON r.key = k.resource
WHERE k.resource <> $3 AND (
    (k.target_type = $1 AND k.target_id = $2)
    OR ($1 = 'RelatedPerson' AND k.value <> '' AND r.patient = $4 AND (k.parameter, k.value, k.system) IN (
        SELECT p.name, t.code, t.system
        FROM search_token t, unnest(ARRAY['Consent.actor', 'Consent', 'CareTeam.participant']) AS p(name)
        WHERE t.resource = $3 AND t.parameter = 'RelatedPerson.identifier')))
ORDER BY forbids DESC, name LIMIT $5
"""

EVER = """
SELECT EXISTS (
    SELECT FROM resource_version v WHERE v.type = $1 AND v.id = $2 AND v.content ->> $3::text = $4
)
"""


@dataclass(frozen=True, slots=True)
class ReasonsToKeep:
    """`was_kept_value`: a version had the value that keeps it for good; `users`: some that refer to it now."""

    was_kept_value: bool
    users: tuple[str, ...]


async def reasons_to_keep(
    connection: Connection, stored: Stored, kept_once: tuple[str, str] | None, kept_for: tuple[str, ...]
) -> ReasonsToKeep:
    """What stands against deleting a locked resource; users of the types `kept_for` come first."""
    ever = kept_once is not None and await connection.fetchval(EVER, stored.type, stored.id, *kept_once)
    users = await connection.fetch(USERS, stored.type, stored.id, stored.key, stored.patient, SHOWN, list(kept_for))
    return ReasonsToKeep(bool(ever), tuple(user["name"] for user in users))


async def record_nothing_deleted(connection: Connection, row: AuditRow) -> None:
    await record(connection, [row])
