"""All of one patient's record, and those who are named in it, a page at a time.

https://hl7.org/fhir/R4/patient-operation-everything.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.storage.pool import Connection
from app.storage.resources import Stored
from app.storage.visibility import CONTENT, Visibility


@dataclass(frozen=True, slots=True)
class EverythingQuery:
    """Of which patient, and what of the record: these types, stored since, about the time from `low` to `high`.

    `dates` are the search parameters that tell what time a resource is about ("Consent.date"), microseconds since
    1970-01-01T00:00:00Z; a resource that tells none is of every time. `place` is where the last page ended.
    """

    patient: str
    types: Sequence[str]
    since: datetime | None = None
    low: int | None = None
    high: int | None = None
    dates: Sequence[str] = ()
    place: tuple[int, int] = (0, 0)
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Found:
    """One resource, with its place; rank 1 the Patient, 2 the record, 3 those who are of no patient."""

    stored: Stored
    rank: int


@dataclass(frozen=True, slots=True)
class EverythingPage:
    """In order: the Patient, the record, then those it names; whether more follow; how many without those named."""

    found: tuple[Found, ...]
    more: bool
    total: int


# Those of no patient are named by the record or by others of no patient: an Organization by a PractitionerRole.
_PAGE: Final = f"""
WITH RECURSIVE record AS MATERIALIZED (
    SELECT r.key, r.type FROM resource r
    WHERE r.patient = $1 AND r.patient <> '' AND NOT r.deleted AND ($2::text[] IS NULL OR r.organisation = ANY($2))
),
named AS (
    SELECT o.key FROM record r
    JOIN search_reference k ON k.resource = r.key
    JOIN resource o ON o.type = k.target_type AND o.id = k.target_id
    WHERE o.patient = '' AND NOT o.deleted AND ($2::text[] IS NULL OR o.organisation = ANY($2))
    UNION
    SELECT o.key FROM named n
    JOIN search_reference k ON k.resource = n.key
    JOIN resource o ON o.type = k.target_type AND o.id = k.target_id
    WHERE o.patient = '' AND NOT o.deleted AND ($2::text[] IS NULL OR o.organisation = ANY($2))
),
everything AS (
    SELECT key, CASE WHEN type = 'Patient' THEN 1 ELSE 2 END AS rank FROM record
    UNION ALL SELECT key, 3 FROM named
),
wanted AS MATERIALIZED (
    SELECT e.key, e.rank FROM everything e JOIN resource r ON r.key = e.key
    WHERE r.type = ANY($3) AND ($4::timestamptz IS NULL OR r.updated >= $4)
    AND ($5::bigint IS NULL OR e.rank <> 2
         OR NOT EXISTS (SELECT FROM search_date d WHERE d.resource = e.key AND d.parameter = ANY($7))
         OR EXISTS (SELECT FROM search_date d WHERE d.resource = e.key AND d.parameter = ANY($7)
                    AND d.low < $6 AND d.high > $5))
),
page AS (
    SELECT w.key, w.rank FROM wanted w WHERE (w.rank, w.key) > ($8, $9) ORDER BY w.rank, w.key LIMIT $10
)
SELECT p.rank, r.key, r.type, r.id, r.version, r.updated, r.patient, {CONTENT} AS content, c.total
FROM (SELECT count(*) FILTER (WHERE rank < 3) AS total FROM wanted) c
LEFT JOIN page p ON true
LEFT JOIN resource r ON r.key = p.key
ORDER BY p.rank, p.key
"""
_LATEST: Final = 2**63 - 1


async def everything(connection: Connection, query: EverythingQuery, visibility: Visibility) -> EverythingPage:
    """One page, in one round trip."""
    dated = query.low is not None or query.high is not None
    rows = await connection.fetch(
        _PAGE,
        query.patient,
        visibility.parameter,
        list(query.types),
        query.since,
        (-_LATEST if query.low is None else query.low) if dated else None,
        _LATEST if query.high is None else query.high,
        list(query.dates),
        *query.place,
        query.limit + 1,
    )
    there = [row for row in rows if row["key"] is not None]
    found = tuple(
        Found(
            Stored(
                row["type"], row["id"], row["version"], row["updated"], row["patient"], row["content"], key=row["key"]
            ),
            row["rank"],
        )
        for row in there[: query.limit]
    )
    return EverythingPage(found, len(there) > query.limit > 0, rows[0]["total"])
