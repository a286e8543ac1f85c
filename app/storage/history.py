"""Versions in the order they were written, newest first. https://hl7.org/fhir/R4/http.html#history"""

from dataclasses import dataclass
from datetime import datetime

from app.storage.pool import Connection
from app.storage.resources import Stored
from app.storage.visibility import CONTENT, Visibility


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which versions: of one resource (`id`) or of a type; only since a time; below a place in the order.

    `before` is the sequence number of the last version already shown, 0 for the first page.
    """

    type: str
    id: str = ""
    since: datetime | None = None
    before: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Versions, newest first, and of each whether it made the resource; the sequence number of the last; whether more
    follow; how many in all.

    `total` is None beyond 10,000, which nobody counts for a page; `exists` is false when there never was such a
    resource.
    """

    versions: tuple[Stored, ...]
    created: tuple[bool, ...]
    last: int
    more: bool
    total: int | None
    exists: bool


COUNTED = 10_000

WHERE = """
r.type = $1 AND ($2::text = '' OR r.id = $2) AND ($3::timestamptz IS NULL OR r.updated >= $3)
AND ($4::text[] IS NULL OR r.organisation = ANY($4))
"""

PAGE = f"""
WITH page AS (
    SELECT r.id, r.version, r.updated, r.patient, {CONTENT} AS content, r.method, r.sequence, NOT EXISTS (
        SELECT FROM resource_version o
        WHERE o.type = r.type AND o.id = r.id AND o.version = r.version - 1 AND o.content IS NOT NULL
    ) AS created
    FROM resource_version r WHERE {WHERE} AND ($5::bigint = 0 OR r.sequence < $5)
    ORDER BY r.sequence DESC LIMIT $6
)
SELECT p.*, c.total, c.known
FROM (SELECT (SELECT count(*) FROM (SELECT FROM resource_version r WHERE {WHERE} LIMIT {COUNTED + 1}) t) AS total,
             EXISTS (SELECT FROM resource_version r WHERE r.type = $1 AND ($2::text = '' OR r.id = $2)
                     AND ($4::text[] IS NULL OR r.organisation = ANY($4))) AS known) c
LEFT JOIN page p ON true
ORDER BY p.sequence DESC
"""


async def history(connection: Connection, query: HistoryQuery, visibility: Visibility) -> HistoryPage:
    """One page of versions, in one round trip."""
    rows = await connection.fetch(
        PAGE, query.type, query.id, query.since, visibility.parameter, query.before, query.limit + 1
    )
    found = [row for row in rows if row["sequence"] is not None]
    shown = found[: query.limit]
    versions = tuple(
        Stored(query.type, row["id"], row["version"], row["updated"], row["patient"], row["content"], row["method"])
        for row in shown
    )
    return HistoryPage(
        versions,
        created=tuple(row["created"] for row in shown),
        last=shown[-1]["sequence"] if shown else 0,
        more=len(found) > query.limit,
        total=rows[0]["total"] if rows[0]["total"] <= COUNTED else None,
        exists=rows[0]["known"],
    )
