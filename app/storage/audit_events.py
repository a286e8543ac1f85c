"""The audit trail, read: one row, or the rows that a search finds, newest first.

Rows are found by time and by patient through an index; other criteria are tried on the rows in order.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from app.fhir.audit_event import Recorded
from app.fhir.search.criterion import Criterion
from app.storage.audit_matching import condition
from app.storage.bound import Bound
from app.storage.pool import Connection
from app.storage.visibility import Visibility

COLUMNS: Final = (
    "key, recorded, interaction, type, id, version, patient, status, outcome, query, client, organisation, user_role,"
    " request_id, correlation_id, detail"
)
READ: Final = f"SELECT {COLUMNS} FROM audit WHERE key = $1 AND ($2::text[] IS NULL OR organisation = ANY($2))"


async def read(connection: Connection, key: int, visibility: Visibility) -> Recorded | None:
    """One row, None when there is none that the caller may see."""
    row = await connection.fetchrow(READ, key, visibility.parameter)
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
        f"SELECT {COLUMNS} FROM (SELECT *, recorded AS updated FROM audit) r WHERE {' AND '.join(conditions)}"
        f" ORDER BY r.key DESC LIMIT {bind(limit, 'bigint')}",
        *bind.values,
    )
    return [_recorded(row) for row in rows]


async def between(connection: Connection, since: datetime, until: datetime) -> AsyncIterator[Recorded]:
    """The rows recorded from `since` to before `until`, whoever wrote them, oldest first; needs a transaction."""
    statement = f"SELECT {COLUMNS} FROM audit WHERE recorded >= $1 AND recorded < $2 ORDER BY recorded, key"
    async for row in connection.cursor(statement, since, until, prefetch=500):
        yield _recorded(row)


def _recorded(row: Any) -> Recorded:
    values = dict(row)
    detail = values.pop("detail")
    return Recorded(**values, detail=orjson.loads(detail) if detail else {})
