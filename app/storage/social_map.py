"""What a social map is drawn from, in one round trip: https://hl7.org/fhir/R4/list.html"""

from dataclasses import dataclass
from typing import Final

from app.storage.pool import Connection
from app.storage.visibility import CONTENT

_FOUND: Final = f"""
SELECT p.patient, p.deleted, r.type, {CONTENT} AS content
FROM resource p
LEFT JOIN resource r ON r.patient = p.patient AND r.type = ANY($2::text[]) AND NOT r.deleted
WHERE p.type = 'Patient' AND p.id = $1
ORDER BY r.type, r.key
"""


@dataclass(frozen=True, slots=True)
class Found:
    """The patient key, whether the Patient was deleted, and the contents of the record by type."""

    patient: str
    deleted: bool
    contents: dict[str, list[bytes]]


async def found(connection: Connection, patient: str, types: tuple[str, ...]) -> Found | None:
    """What of these types the caller may see of a Patient (its id); None when there is no such Patient."""
    rows = await connection.fetch(_FOUND, patient, list(types))
    if not rows:
        return None
    contents: dict[str, list[bytes]] = {type_: [] for type_ in types}
    for row in rows:
        if row["type"]:
            contents[row["type"]].append(row["content"])
    return Found(rows[0]["patient"], rows[0]["deleted"], contents)
