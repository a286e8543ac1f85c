"""NHS numbers and patient keys in SQL: who holds a number, and moving a record from one key to another."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Holder:
    """A Patient that holds an NHS number: its id (the patient key) and current content, None where it is not seen."""

    number: str
    id: str
    content: bytes | None


HOLDERS = """
SELECT n.number, n.patient, COALESCE(r.whole, r.content) AS content
FROM nhs_number n LEFT JOIN resource r ON r.type = 'Patient' AND r.id = n.patient AND NOT r.deleted
WHERE n.number = ANY($1::text[]) AND n.organisation = $2
ORDER BY n.number FOR UPDATE OF n
"""

RESERVE = """
INSERT INTO nhs_number (number, patient, organisation) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING number
"""

HAND_OVER = "UPDATE nhs_number SET patient = $2 WHERE patient = $1"

# Several organisations may hold a number: the caller's own comes first.
KEY_OF = "SELECT n.patient FROM nhs_number n WHERE n.number = $1 ORDER BY n.organisation <> $2, n.organisation LIMIT 1"


async def holders(connection: Connection, numbers: Sequence[str], organisation: str) -> list[Holder]:
    """Who holds these NHS numbers in an organisation, locked until the transaction ends."""
    rows = await connection.fetch(HOLDERS, list(numbers), organisation)
    return [Holder(*row) for row in rows]


async def reserve_number(connection: Connection, number: str, patient: str, organisation: str) -> bool:
    """Gives an NHS number that is free in an organisation to a patient key.

    False when somebody else was first (waits for them to commit).
    """
    return await connection.fetchval(RESERVE, number, patient, organisation) is not None


async def hand_over(connection: Connection, old: str, new: str) -> None:
    """Gives every NHS number of one patient key to another."""
    await connection.execute(HAND_OVER, old, new)


async def rekey(connection: Connection, old: str, new: str) -> None:
    """Moves everything recorded under one patient key to another, whichever organisation recorded it."""
    await connection.execute("SELECT kith_rekey($1, $2)", old, new)


async def key_of(connection: Connection, number: str, organisation: str) -> str:
    """The patient key that an NHS number leads to, '' when it leads to none that the caller may see."""
    found: str | None = await connection.fetchval(KEY_OF, number, organisation)
    return found or ""
