"""Many new resources in one statement: what `resources.store` does for one, with everything numbered by its entry.

Nothing is stored unless everything can be. What is stored in one call may refer to each other, also in a circle: it is
not looked up, for it will be there or nothing will. Only the patient of a record must be known beforehand, or have the
id by which the record names it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import asyncpg

from app.storage.columns import columns, taken
from app.storage.keys_together import keys_of
from app.storage.pool import Connection
from app.storage.resources import Change, Written, looked_up, permitted, reference_rows

# Bounds the size of one statement's parameters, and the time that they take to put together.
MOST: Final = 200

STORE: Final = f"""
WITH entry AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::json[], $6::text[], $7::text[],
                         $8::text[], $9::text[], $10::bool[], $11::text[], $12::int[], $53::smallint[],
                         $54::json[], $55::smallint[], $56::bool[])
    WITH ORDINALITY AS e(type, id, version, updated, content, method, patient, number, kept_with, same_patient,
                         interaction, status, level, whole, whole_from, one_record, n)
),
wanted AS MATERIALIZED (SELECT * FROM unnest({taken(13, "int text text")}) AS w(n, type, id)),
target AS MATERIALIZED (
    SELECT r.type, r.id, r.patient
    FROM resource r JOIN (SELECT DISTINCT type, id FROM wanted) w ON r.type = w.type AND r.id = w.id
    WHERE NOT r.deleted
    FOR KEY SHARE OF r
),
holding AS MATERIALIZED (
    SELECT n.number, n.patient, n.organisation FROM nhs_number n WHERE n.number = ANY($16::text[]) FOR SHARE OF n
),
numbered AS MATERIALIZED (
    SELECT DISTINCT ON (h.number) h.number, h.patient FROM holding h
    ORDER BY h.number, h.organisation <> $18, h.organisation
),
named AS (
    SELECT e.n, COALESCE(t.patient, k.patient, s.patient, e.patient) AS patient, e.type, e.id
    FROM entry e
    LEFT JOIN target t ON t.type = 'Patient' AND t.id = e.patient
    LEFT JOIN numbered k ON k.number = e.number
    LEFT JOIN target s ON s.type || '/' || s.id = e.kept_with
),
owner AS MATERIALIZED (
    SELECT n.n, CASE WHEN n.type = 'Patient' AND n.patient = '' THEN n.id ELSE n.patient END AS patient FROM named n
),
guard AS MATERIALIZED (
    SELECT e.n, kith_guards(o.patient) AS found FROM entry e JOIN owner o ON o.n = e.n WHERE e.type = 'RelatedPerson'
),
related AS (
    SELECT w.n, t.type, t.id, t.patient FROM wanted w JOIN target t ON t.type = w.type AND t.id = w.id
    UNION ALL
    SELECT b.n, e.type, e.id, o.patient
    FROM unnest($66::int[], $67::int[]) AS b(n, other) JOIN entry e ON e.n = b.other JOIN owner o ON o.n = b.other
),
fault AS MATERIALIZED (
    SELECT w.n, 'missing' AS fault, w.type, w.id
    FROM wanted w LEFT JOIN target t ON t.type = w.type AND t.id = w.id
    WHERE $17::bool AND t.id IS NULL
    UNION ALL
    SELECT e.n, 'stranger', t.type, t.id
    FROM related t JOIN entry e ON e.n = t.n JOIN owner o ON o.n = t.n
    WHERE e.same_patient AND (t.type = 'RelatedPerson' OR (e.one_record AND t.patient <> ''))
      AND t.patient <> o.patient AND o.patient <> ''
    UNION ALL
    SELECT e.n, 'contradiction', '', ''
    FROM entry e JOIN owner o ON o.n = e.n
    WHERE e.patient <> '' AND EXISTS (SELECT FROM holding h WHERE h.number = e.number)
      AND NOT EXISTS (SELECT FROM holding h WHERE h.number = e.number AND h.patient = o.patient)
    UNION ALL
    SELECT e.n, 'unknown number', '', ''
    FROM entry e LEFT JOIN numbered k ON k.number = e.number
    WHERE e.number <> '' AND e.patient = '' AND k.number IS NULL
    UNION ALL
    SELECT g.n, 'guarded', '', '' FROM guard g WHERE $65::bool AND g.found
),
stored AS (
    INSERT INTO resource (type, id, patient, organisation, version, updated, content, level, whole, whole_from,
                          masked_until)
    SELECT e.type, e.id, o.patient, $18::text, e.version, e.updated, e.content, e.level, e.whole, e.whole_from,
           CASE WHEN e.whole IS NOT NULL THEN 'infinity'::timestamptz END
    FROM entry e JOIN owner o ON o.n = e.n
    WHERE NOT EXISTS (SELECT FROM fault)
    ORDER BY e.n
    RETURNING key, type, id, patient
),
made AS MATERIALIZED (
    SELECT e.n, s.key, s.patient, e.type, e.id FROM stored s JOIN entry e ON e.type = s.type AND e.id = s.id
),
versioned AS (
    INSERT INTO resource_version (type, id, version, patient, organisation, updated, method, content, level, whole,
                                  whole_from, masked_until)
    SELECT e.type, e.id, e.version, m.patient, $18, e.updated, e.method, e.content, e.level, e.whole, e.whole_from,
           CASE WHEN e.whole IS NOT NULL THEN 'infinity'::timestamptz END
    FROM made m JOIN entry e ON e.n = m.n ORDER BY e.n
),
{keys_of(tokens=19, strings=24, dates=29, references=34, uris=43, quantities=57)},
numbers AS (
    INSERT INTO nhs_number (number, patient, organisation)
    SELECT k.number, m.patient, $18 FROM unnest({taken(47, "int text")}) AS k(n, number) JOIN made m ON m.n = k.n
),
audited AS (
    INSERT INTO audit (recorded, interaction, type, id, version, patient, status, outcome, query, client,
                       organisation, user_role, request_id, correlation_id)
    SELECT e.updated, e.interaction, e.type, e.id, e.version, m.patient, e.status, '', '', $49, $18, $50, $51, $52
    FROM made m JOIN entry e ON e.n = m.n ORDER BY e.n
)
SELECT m.n, m.key, m.patient, '' AS fault, '' AS type, '' AS id, COALESCE(g.found, false) AS guarded
FROM made m LEFT JOIN guard g ON g.n = m.n
UNION ALL
SELECT f.n, NULL, '', f.fault, f.type, f.id, false FROM fault f
"""

Row = tuple[Any, ...]


async def store_together(connection: Connection, changes: Sequence[Change]) -> list[Written]:
    """Stores new resources, all of one request and at most MOST, with their keys and audit rows; or nothing at all.

    Raises asyncpg.UniqueViolationError when somebody else stored one of the ids or NHS numbers first, Forbidden.
    """
    places = {(change.type, change.id): n for n, change in enumerate(changes, 1)}
    references = [reference_rows(change) for change in changes]
    numbers = {n for change, rows in zip(changes, references, strict=True) for n in looked_up(change, rows)}
    audit = changes[0].audit
    arguments = [
        *_columns(map(_entry, changes), 12),
        *columns(_each(changes, lambda change: (w for w in change.links.wanted if w not in places), numbered=False), 3),
        sorted(numbers),
        changes[0].integrity,
        changes[0].organisation,
        *columns(_each(changes, lambda change: change.keys.tokens), 5),
        *columns(_each(changes, lambda change: change.keys.strings), 5),
        *columns(_each(changes, lambda change: change.keys.dates), 5),
        *columns(((n, number, *row) for n, of in enumerate(references, 1) for number, row in enumerate(of, 1)), 9),
        *columns(_each(changes, lambda change: change.keys.uris), 4),
        *columns(_each(changes, lambda change: ((number,) for number in change.new_numbers), numbered=False), 2),
        audit.client,
        audit.user_role,
        audit.request_id,
        audit.correlation_id,
        [change.level for change in changes],
        [change.content if change.mask else None for change in changes],
        [change.below for change in changes],
        [change.one_record for change in changes],
        *columns(_each(changes, lambda change: change.keys.quantities), 8),
        changes[0].alone,
        *_columns(((n, places[w]) for n, of in enumerate(changes, 1) for w in of.links.wanted if w in places), 2),
    ]
    with permitted():
        rows = await connection.fetch(STORE, *arguments)
    return _written(rows, changes)


def _entry(change: Change) -> Row:
    name, audit = change.links.patient, change.audit
    return (
        change.type,
        change.id,
        change.version,
        change.updated,
        change.mask or change.content,
        change.method,
        name.id,
        name.number,
        name.kept_with,
        change.same_patient,
        audit.interaction,
        audit.status,
    )


def _each(
    changes: Sequence[Change], rows: Callable[[Change], Iterable[Row]], *, numbered: bool = True
) -> Iterable[Row]:
    """The rows of every change after its number, and after their own when they are `numbered`."""
    for n, change in enumerate(changes, 1):
        for number, row in enumerate(rows(change), 1):
            yield (n, number, *row) if numbered else (n, *row)


def _columns(rows: Iterable[Row], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


def _written(rows: Sequence[asyncpg.Record], changes: Sequence[Change]) -> list[Written]:
    found: dict[int, list[asyncpg.Record]] = defaultdict(list)
    for row in rows:
        found[row["n"]].append(row)
    return [_one(found[n], change) for n, change in enumerate(changes, 1)]


def _one(rows: Sequence[asyncpg.Record], change: Change) -> Written:
    if rows and rows[0]["key"] is not None:
        return Written(rows[0]["key"], rows[0]["patient"], guarded=rows[0]["guarded"])
    faults = defaultdict(set)
    for row in rows:
        faults[row["fault"]].add((row["type"], row["id"]))
    return Written(
        0,
        "",
        missing=tuple(target for target in change.links.wanted if target in faults["missing"]),
        strangers=tuple(target for target in change.links.wanted if target in faults["stranger"]),
        unknown_number="unknown number" in faults,
        guarded="guarded" in faults,
        contradiction="contradiction" in faults,
    )
