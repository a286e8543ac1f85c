"""NHS numbers and patient keys in SQL: who holds a number, and moving a record from one key to another."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Holder:
    """A Patient that holds an NHS number: its id (the patient key) and current content."""

    number: str
    id: str
    content: bytes | None


HOLDERS = """
SELECT n.number, n.patient, r.content
FROM nhs_number n LEFT JOIN resource r ON r.type = 'Patient' AND r.id = n.patient AND NOT r.deleted
WHERE n.number = ANY($1::text[])
ORDER BY n.number FOR UPDATE OF n
"""

RESERVE = "INSERT INTO nhs_number (number, patient) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING number"

HAND_OVER = "UPDATE nhs_number SET patient = $2 WHERE patient = $1"

# Whoever is storing something for the old key holds one of these: their work is waited for, and then moved too.
LOCK_PATIENTS = "SELECT FROM resource WHERE type = 'Patient' AND (patient = $1 OR id = $1) FOR UPDATE"
LOCK_NUMBERS = "SELECT FROM nhs_number WHERE patient = $1 FOR UPDATE"

REKEY = """
WITH moved AS (UPDATE resource SET patient = $2 WHERE patient = $1 RETURNING key),
     versions AS (UPDATE resource_version SET patient = $2 WHERE patient = $1),
     numbers AS (UPDATE nhs_number SET patient = $2 WHERE patient = $1),
     tokens AS (UPDATE search_token SET patient = $2 FROM moved WHERE resource = moved.key),
     strings AS (UPDATE search_string SET patient = $2 FROM moved WHERE resource = moved.key),
     dates AS (UPDATE search_date SET patient = $2 FROM moved WHERE resource = moved.key),
     uris AS (UPDATE search_uri SET patient = $2 FROM moved WHERE resource = moved.key)
UPDATE search_reference k
SET patient = CASE WHEN k.patient = $1 THEN $2 ELSE k.patient END,
    target_id = CASE WHEN k.target_type = 'Patient' AND k.target_id = $1 THEN $2 ELSE k.target_id END
WHERE (k.target_type = 'Patient' AND k.target_id = $1)
   OR k.resource IN (SELECT r.key FROM resource r WHERE r.patient = $1)
"""


async def holders(connection: Connection, numbers: Sequence[str]) -> list[Holder]:
    """Who holds these NHS numbers, locked until the transaction ends."""
    rows = await connection.fetch(HOLDERS, list(numbers))
    return [Holder(*row) for row in rows]


async def reserve_number(connection: Connection, number: str, patient: str) -> bool:
    """Gives a free NHS number to a patient key; False when somebody else was first (waits for them to commit)."""
    return await connection.fetchval(RESERVE, number, patient) is not None


async def hand_over(connection: Connection, old: str, new: str) -> None:
    """Gives every NHS number of one patient key to another."""
    await connection.execute(HAND_OVER, old, new)


async def rekey(connection: Connection, old: str, new: str) -> None:
    """Moves everything recorded under one patient key to another."""
    await connection.execute(LOCK_PATIENTS, old)
    await connection.execute(LOCK_NUMBERS, old)
    await connection.execute(REKEY, old, new)


async def key_of(connection: Connection, number: str) -> str:
    """The patient key that an NHS number leads to, '' when it leads to none."""
    found: str | None = await connection.fetchval("SELECT patient FROM nhs_number WHERE number = $1", number)
    return found or ""
