"""The SQL of many new resources in one statement, everything numbered by its entry: see `statements` for that of one.

What its entries refer to among each other is not looked up: it will be there, or nothing will.
"""

from typing import Final

from app.storage.columns import taken
from app.storage.keys_together import keys_of
from app.storage.some_values import numbered
from app.storage.statements import NOBODY_HELD

_ENTRIES: Final = f"""
entry AS MATERIALIZED (
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
"""

_HELD: Final = """
holding AS MATERIALIZED (
    SELECT n.number, n.patient, n.organisation FROM nhs_number n WHERE n.number = ANY($16::text[]) FOR SHARE OF n
),
numbered AS MATERIALIZED (
    SELECT DISTINCT ON (h.number) h.number, h.patient FROM holding h
    ORDER BY h.number, h.organisation <> $18, h.organisation
),
"""

_STORED: Final = """
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
"""

_NUMBERS: Final = f"""
numbers AS (
    INSERT INTO nhs_number (number, patient, organisation)
    SELECT k.number, m.patient, $18 FROM unnest({taken(47, "int text")}) AS k(n, number) JOIN made m ON m.n = k.n
),
"""

_ANSWER: Final = """
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

_KEYS: Final = keys_of(tokens=19, strings=24, dates=29, references=34, uris=43, quantities=57)
_PLAIN_KEYS: Final = keys_of(tokens=19, strings=24, dates=29, references=34, uris=None, quantities=None)

STORE: Final = numbered(f"WITH {_ENTRIES} {_HELD} {_STORED} {_KEYS}, {_NUMBERS} {_ANSWER}")
# Of versions that neither bring NHS numbers, URIs or quantities nor name anybody by number.
STORE_PLAIN: Final = numbered(f"WITH {_ENTRIES} {NOBODY_HELD} {_STORED} {_PLAIN_KEYS}, {_ANSWER}")
