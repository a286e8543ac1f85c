"""The audit trail, read: one row, or the rows that a search finds, newest first.

Rows are found by time and by patient through an index; other criteria are tried on the rows in order.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from app.fhir.audit_event import Recorded
from app.fhir.search.criterion import Criterion
from app.storage import audit
from app.storage.audit_matching import condition, of_patient
from app.storage.bound import Bound
from app.storage.pool import Connection
from app.storage.visibility import Visibility

COLUMNS: Final = f"key, {audit.COLUMNS}"
_ALL: Final = "(SELECT *, recorded AS updated FROM audit)"
# What a patient is told of who looked: that it was done, by whom and when; what it was done to only where that is for
# them to see, and neither what was asked and answered nor by which other client.
_THEIRS: Final = """
(SELECT r.key, r.recorded, r.recorded AS updated, r.interaction, CASE WHEN s.seen THEN r.type ELSE '' END AS type,
        CASE WHEN s.seen THEN r.id ELSE '' END AS id, CASE WHEN s.seen THEN r.version ELSE 0 END AS version,
        {key} AS patient, r.status, '' AS outcome, '' AS query, '' AS client, r.organisation, r.user_role,
        r.request_id, '' AS correlation_id, NULL::json AS detail
 FROM audit r
 CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM resource o WHERE o.type = r.type AND o.id = r.id) AS seen) s
 WHERE {about})
"""


async def read(connection: Connection, key: int, visibility: Visibility) -> Recorded | None:
    """One row, None when there is none that the caller may see."""
    bind = Bound()
    source, seen, key_ = _source(visibility, bind), bind(visibility.parameter, "text[]"), bind(key, "bigint")
    row = await connection.fetchrow(
        f"SELECT {COLUMNS} FROM {source} r WHERE r.key = {key_} AND ({seen} IS NULL OR r.organisation = ANY({seen}))",
        *bind.values,
    )
    return row and _recorded(row)


async def search(
    connection: Connection, criteria: Sequence[Criterion], before: int, limit: int, visibility: Visibility
) -> list[Recorded]:
    """The newest rows that match all criteria, of those older than the one with the key `before` (0: of all)."""
    bind = Bound()
    seen, last = bind(visibility.parameter, "text[]"), bind(before, "bigint")
    conditions = [
        f"({seen} IS NULL OR r.organisation = ANY({seen}))",
        f"({last} = 0 OR r.key < {last})",
        *(condition(criterion, bind) for criterion in criteria),
    ]
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM {_source(visibility, bind)} r WHERE {' AND '.join(conditions)}"
        f" ORDER BY r.key DESC LIMIT {bind(limit, 'bigint')}",
        *bind.values,
    )
    return [_recorded(row) for row in rows]


async def between(connection: Connection, since: datetime, until: datetime) -> AsyncIterator[Recorded]:
    """The rows recorded from `since` to before `until`, whoever wrote them, oldest first; needs a transaction."""
    statement = f"SELECT {COLUMNS} FROM audit WHERE recorded >= $1 AND recorded < $2 ORDER BY recorded, key"
    async for row in connection.cursor(statement, since, until, prefetch=500):
        yield _recorded(row)


def _source(visibility: Visibility, bind: Bound) -> str:
    """The rows of the trail as the caller may see them: all of each, or what a patient is told of who looked."""
    if not visibility.patient:
        return _ALL
    key = f"{bind(visibility.patient)}::text"
    return _THEIRS.format(key=key, about=of_patient(f"ARRAY[{key}]", key))


def _recorded(row: Any) -> Recorded:
    values = dict(row)
    detail = values.pop("detail")
    return Recorded(**values, detail=orjson.loads(detail) if detail else {})
