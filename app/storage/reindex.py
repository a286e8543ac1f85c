"""Makes the search keys of stored resources anew, in batches that remember how far they came.

Rows are locked as a write locks them, so a resource has its old keys or its new ones, and no version changes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.storage.columns import columns
from app.storage.keys_together import keys_of
from app.storage.pool import Connection

_BEGIN: Final = """
INSERT INTO progress (name, seen) VALUES ('reindex', now()) ON CONFLICT DO NOTHING
"""
# Two at once take turns: each batch is one's own.
_PLACE: Final = "SELECT place FROM progress WHERE name = 'reindex' FOR UPDATE"
_MOVE: Final = "UPDATE progress SET place = $1 WHERE name = 'reindex'"
_END: Final = "DELETE FROM progress WHERE name = 'reindex'"
_LAST: Final = "SELECT COALESCE(max(key), 0) FROM resource"
# As a write takes it: references to the resource do not wait.
_ROWS: Final = """
SELECT r.key, r.type, r.id, COALESCE(r.whole, r.content) AS content, r.whole IS NOT NULL AS masked FROM resource r
WHERE r.key > $1 AND r.key <= $2 AND NOT r.deleted ORDER BY r.key LIMIT $3 FOR NO KEY UPDATE
"""
_FORGET: Final = """
WITH tokens AS (DELETE FROM search_token WHERE resource = ANY($1::bigint[])),
     strings AS (DELETE FROM search_string WHERE resource = ANY($1::bigint[])),
     dates AS (DELETE FROM search_date WHERE resource = ANY($1::bigint[])),
     refs AS (DELETE FROM search_reference WHERE resource = ANY($1::bigint[])),
     uris AS (DELETE FROM search_uri WHERE resource = ANY($1::bigint[]))
DELETE FROM search_quantity WHERE resource = ANY($1::bigint[])
"""
# A number leads to the Patient of the record itself, else to the one of its own organisation, as in a write.
_KEYS: Final = f"""
WITH made AS MATERIALIZED (
    SELECT e.n, r.key, r.patient, r.organisation
    FROM unnest($1::bigint[]) WITH ORDINALITY AS e(key, n) JOIN resource r ON r.key = e.key
),
target AS MATERIALIZED (
    SELECT r.type, r.id, r.patient FROM resource r WHERE r.type = 'Patient' AND r.id = ANY($2::text[])
),
numbered AS MATERIALIZED (
    SELECT DISTINCT ON (m.n, h.number) m.n, h.number, h.patient
    FROM made m CROSS JOIN nhs_number h WHERE h.number = ANY($3::text[])
    ORDER BY m.n, h.number, h.patient IS DISTINCT FROM m.patient, h.organisation <> m.organisation, h.organisation
),
{keys_of(tokens=4, strings=9, dates=14, references=19, uris=28, quantities=32, same_entry="p.n = k.n")}
SELECT count(*) FROM made
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One resource as it stands: Resource.key, its type and id, its whole content, whether not all see all of it."""

    key: int
    type: str
    id: str
    content: bytes
    masked: bool


@dataclass(frozen=True, slots=True)
class Reindexed:
    """The keys of a Row: the columns of five tables, and references with the NHS number that each is resolved by."""

    key: int
    tokens: Iterable[tuple[Any, ...]]
    strings: Iterable[tuple[Any, ...]]
    dates: Iterable[tuple[Any, ...]]
    references: Sequence[tuple[str, ...]]
    uris: Iterable[tuple[Any, ...]]
    quantities: Iterable[tuple[Any, ...]]


async def begin(connection: Connection) -> int:
    """The last key there is; it goes on where an earlier run was stopped."""
    await connection.execute(_BEGIN)
    return int(await connection.fetchval(_LAST))


async def rows(connection: Connection, until: int, count: int) -> list[Row]:
    """The next resources, locked until the transaction ends; none at the end."""
    place = await connection.fetchval(_PLACE)
    if place is None:  # another run has come to the end
        return []
    return [Row(*row) for row in await connection.fetch(_ROWS, place, until, count)]


async def store(connection: Connection, found: Sequence[Reindexed]) -> None:
    """Puts these keys in the place of those that the resources had, and remembers the last."""
    own = [one.key for one in found]
    named = [row for one in found for row in one.references]
    await connection.execute(_FORGET, own)
    await connection.fetchval(
        _KEYS,
        own,
        sorted({row[2] for row in named if row[1] == "Patient"}),
        sorted({row[6] for row in named} - {""}),
        *columns(_each(one.tokens for one in found), 5),
        *columns(_each(one.strings for one in found), 5),
        *columns(_each(one.dates for one in found), 5),
        *columns(_each(one.references for one in found), 9),
        *columns(_each(one.uris for one in found), 4),
        *columns(_each(one.quantities for one in found), 8),
    )
    await connection.execute(_MOVE, own[-1])


async def end(connection: Connection) -> None:
    """Forgets how far it came: the next run begins anew."""
    await connection.execute(_END)


def _each(rows_of: Iterable[Iterable[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    return [(n, number, *row) for n, some in enumerate(rows_of, 1) for number, row in enumerate(some, 1)]
