"""Meetings to come to which supporters of a patient are invited, and which of them are being looked at already."""

from collections.abc import Sequence
from typing import Any, Final

import orjson

from app.storage.pool import Connection
from app.storage.visibility import CONTENT, Visibility

Json = dict[str, Any]

# Of a patient with more than that nobody looks at each; the nearest come first.
MOST: Final = 200
_DONE: Final = ["completed", "cancelled", "failed", "rejected", "entered-in-error"]

_TO_COME: Final = f"""
SELECT {CONTENT} AS content FROM resource r
LEFT JOIN search_date d ON d.resource = r.key AND d.parameter = 'Appointment.date'
WHERE r.patient = $1 AND r.patient <> '' AND r.type = 'Appointment' AND NOT r.deleted
  AND ($2::text[] IS NULL OR r.organisation = ANY($2)) AND (d.high IS NULL OR d.high > $3)
  AND EXISTS (SELECT FROM search_reference k
              WHERE k.resource = r.key AND k.parameter = 'Appointment.actor' AND k.target_type = 'RelatedPerson')
ORDER BY d.low NULLS LAST, r.key LIMIT $4
"""

_LOOKED_AT: Final = """
SELECT DISTINCT k.code FROM search_token k JOIN resource r ON r.key = k.resource
WHERE k.parameter = 'Task.identifier' AND k.system = $1 AND k.code = ANY($2::text[]) AND NOT r.deleted
  AND NOT EXISTS (SELECT FROM search_token s
                  WHERE s.resource = r.key AND s.parameter = 'Task.status' AND s.code = ANY($3::text[]))
"""


async def to_come(connection: Connection, patient: str, visibility: Visibility, now: int) -> list[Json]:
    """The Appointments of a patient that are not over at a time (microseconds) and name supporters, as far as seen."""
    rows = await connection.fetch(_TO_COME, patient, visibility.parameter, now, MOST)
    return [orjson.loads(row["content"]) for row in rows]


async def looked_at(connection: Connection, system: str, identifiers: Sequence[str]) -> frozenset[str]:
    """Those of these identifiers for which there is a Task that is not done."""
    rows = await connection.fetch(_LOOKED_AT, system, list(identifiers), _DONE)
    return frozenset(row["code"] for row in rows)
