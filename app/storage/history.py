"""Versions in the order they were written. https://hl7.org/fhir/R4/http.html#history"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.storage.pool import Connection
from app.storage.resources import Stored
from app.storage.visibility import CONTENT, Visibility


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which versions: of one resource (`id`) or of these types; only some of them by time; beyond a place in the order.

    `since` leaves out what was stored before; `at` are the ends of a time, [low, high), and only versions that were
    current within it are meant. `place` is the sequence number of the last version already shown, 0 for the first page;
    only that page counts. `oldest_first` turns the order round.
    """

    types: tuple[str, ...]
    id: str = ""
    since: datetime | None = None
    at: tuple[datetime, datetime] | None = None
    place: int = 0
    oldest_first: bool = False
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the record, and whether it made the resource."""

    stored: Stored
    created: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Versions; the sequence number of the last; whether more follow; how many in all.

    `total` is None beyond 10,000, which nobody counts for a page, and on later pages; `exists` is false when there
    never was such a resource.
    """

    versions: tuple[Version, ...]
    last: int
    more: bool
    total: int | None
    exists: bool


COUNTED = 10_000

# The time of a version ends when the next one is stored.
_WHERE = """
r.type = t.name {one} AND ($3::timestamptz IS NULL OR r.updated >= $3)
AND ($4::text[] IS NULL OR r.organisation = ANY($4))
AND ($5::timestamptz IS NULL OR (r.updated < $6::timestamptz AND NOT EXISTS (
    SELECT FROM resource_version n
    WHERE n.type = r.type AND n.id = r.id AND n.version = r.version + 1 AND n.updated <= $5)))
"""
# Each type is a walk along its own index, so that no page of the whole record sorts the whole record.
_PAGE = """
WITH page AS (
    SELECT p.*, NOT EXISTS (
        SELECT FROM resource_version o
        WHERE o.type = p.type AND o.id = p.id AND o.version = p.version - 1 AND o.content IS NOT NULL
    ) AS created
    FROM unnest($1::text[]) t(name) CROSS JOIN LATERAL (
        SELECT r.type, r.id, r.version, r.updated, r.patient, {content} AS content, r.method, r.sequence
        FROM resource_version r WHERE {where} AND ($7::bigint = 0 OR r.sequence {beyond} $7)
        ORDER BY r.sequence {order} LIMIT $8
    ) p
    ORDER BY p.sequence {order} LIMIT $8
)
SELECT p.*, c.total, c.known
FROM (SELECT CASE WHEN $7 = 0 THEN (
                 SELECT count(*) FROM (
                     SELECT FROM unnest($1::text[]) t(name), resource_version r WHERE {where} LIMIT $9) counted
             ) END AS total,
             $2::text = '' OR EXISTS (
                 SELECT FROM unnest($1::text[]) t(name), resource_version r
                 WHERE r.type = t.name AND r.id = $2 AND ($4::text[] IS NULL OR r.organisation = ANY($4))) AS known) c
LEFT JOIN page p ON true
ORDER BY p.sequence {order}
"""


def _statement(*, one: bool, oldest_first: bool) -> str:
    where = _WHERE.format(one="AND r.id = $2" if one else "")
    beyond, order = (">", "ASC") if oldest_first else ("<", "DESC")
    return _PAGE.format(content=CONTENT, where=where, beyond=beyond, order=order)


_STATEMENTS = {
    (one, oldest_first): _statement(one=one, oldest_first=oldest_first)
    for one in (False, True)
    for oldest_first in (False, True)
}


async def history(connection: Connection, query: HistoryQuery, visibility: Visibility) -> HistoryPage:
    """One page of versions, in one round trip."""
    low, high = query.at or (None, None)
    rows = await connection.fetch(
        _STATEMENTS[bool(query.id), query.oldest_first],
        list(query.types),
        query.id,
        query.since,
        visibility.parameter,
        low,
        high,
        query.place,
        query.limit + 1,
        COUNTED + 1,
    )
    found = [row for row in rows if row["sequence"] is not None]
    shown = found[: query.limit]
    total = rows[0]["total"]
    return HistoryPage(
        tuple(Version(_stored(row), row["created"]) for row in shown),
        last=shown[-1]["sequence"] if shown else 0,
        more=len(found) > query.limit > 0,
        total=total if total is not None and total <= COUNTED else None,
        exists=rows[0]["known"],
    )


def _stored(row: Any) -> Stored:
    return Stored(row["type"], row["id"], row["version"], row["updated"], row["patient"], row["content"], row["method"])
