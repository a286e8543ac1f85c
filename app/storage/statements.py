"""The SQL of a write: one statement that looks up, locks and checks what a resource refers to, then stores it.

All parts of one version - current row, version, search keys, NHS numbers, audit row - are common table expressions
of a single INSERT or UPDATE, so that a create is one round trip and one commit. Nothing is stored when a reference
that is wanted is not found (`found`), and the answer says which were.

FOR KEY SHARE on what is referred to meets FOR UPDATE in a delete: whoever comes second sees what the first did.
"""

from typing import Final

from app.storage.columns import taken
from app.storage.some_values import numbered

_TARGET: Final = """
target AS MATERIALIZED (
    SELECT r.type, r.id, r.patient
    FROM resource r JOIN unnest($1::text[], $2::text[]) AS wanted(type, id) ON r.type = wanted.type AND r.id = wanted.id
    WHERE NOT r.deleted
    FOR KEY SHARE OF r
),
"""

_HELD: Final = """
holding AS MATERIALIZED (
    SELECT n.number, n.patient, n.organisation FROM nhs_number n WHERE n.number = ANY($3::text[]) FOR SHARE OF n
),
numbered AS MATERIALIZED (
    -- Several organisations may hold a number: a record stays where it is, and else goes to the writer's own Patient.
    SELECT DISTINCT ON (h.number) h.number, h.patient FROM holding h
    ORDER BY h.number, h.patient IS DISTINCT FROM (SELECT r.patient FROM resource r WHERE r.type = $8 AND r.id = $9),
             h.organisation <> $10, h.organisation
),
"""

# In their place where nobody is named by an NHS number: PostgreSQL sees that there is nothing in it.
NOBODY_HELD: Final = """
holding AS NOT MATERIALIZED (SELECT '' AS number, '' AS patient, '' AS organisation WHERE false),
numbered AS NOT MATERIALIZED (SELECT '' AS number, '' AS patient WHERE false),
"""

_OWNER: Final = """
owner AS (
    SELECT COALESCE(
        (SELECT patient FROM target WHERE type = 'Patient' AND id = $4::text),
        (SELECT patient FROM numbered WHERE number = $5::text),
        (SELECT patient FROM target WHERE type || '/' || id = $41::text),
        $4::text
    ) AS patient
),
contradiction AS (
    SELECT $4::text <> '' AND EXISTS (SELECT FROM holding h WHERE h.number = $5::text) AND NOT EXISTS (
        SELECT FROM holding h, owner o WHERE h.number = $5::text AND h.patient = o.patient) AS found
),
guard AS (
    SELECT CASE WHEN $8::text = 'RelatedPerson' THEN kith_guards(o.patient) ELSE false END AS found FROM owner o
),
found AS (
    SELECT (SELECT count(*) FROM target) >= $6::int
       AND ($5::text = '' OR $4::text <> '' OR EXISTS (SELECT FROM numbered WHERE number = $5::text))
       AND NOT (SELECT c.found FROM contradiction c)
       AND NOT ($43::bool AND (SELECT g.found FROM guard g))
       AND NOT ($7::bool AND EXISTS (
           SELECT FROM target t, owner o
           WHERE (t.type = 'RelatedPerson' OR ($46::bool AND t.patient <> ''))
             AND t.patient <> o.patient AND o.patient <> ''))
        AS complete
)
"""

_INSERTED: Final = """
stored AS (
    INSERT INTO resource (type, id, patient, organisation, version, updated, content, level, whole, whole_from,
                          masked_until)
    SELECT $8, $9, CASE WHEN $8 = 'Patient' AND o.patient = '' THEN $9 ELSE o.patient END, $10, $11, $12, $13, $42,
           $44::json, $45::smallint, CASE WHEN $44::json IS NOT NULL THEN 'infinity'::timestamptz END
    FROM owner o, found WHERE complete
    RETURNING key, patient, organisation
)
"""

_REPLACED: Final = """
stored AS (
    UPDATE resource r
    SET patient = CASE WHEN $8 = 'Patient' AND o.patient = '' THEN $9 ELSE o.patient END,
        version = $11, updated = $12, deleted = false, content = $13, level = $42,
        whole = $44::json, whole_from = $45::smallint,
        masked_until = CASE WHEN $44::json IS NOT NULL THEN 'infinity'::timestamptz END
    FROM owner o, found WHERE complete AND r.type = $8 AND r.id = $9
    RETURNING r.key, r.patient, r.organisation
),
-- What is hidden now was perhaps not before: then its past is hidden too.
raised AS (
    UPDATE resource_version v SET level = $42 FROM stored WHERE v.type = $8 AND v.id = $9 AND v.level < $42
)
"""

_KEYS: Final = f"""
versioned AS (
    INSERT INTO resource_version (type, id, version, patient, organisation, updated, method, content, level, whole,
                                  whole_from, masked_until)
    SELECT $8, $9, $11, s.patient, s.organisation, $12, $14, $13, $42, $44::json, $45::smallint,
           CASE WHEN $44::json IS NOT NULL THEN 'infinity'::timestamptz END
    FROM stored s
),
tokens AS (
    INSERT INTO search_token (resource, number, patient, parameter, system, code)
    SELECT s.key, k.n, s.patient, k.parameter, k.system, k.code
    FROM stored s, unnest({taken(15, "text text text")}) WITH ORDINALITY AS k(parameter, system, code, n)
),
strings AS (
    INSERT INTO search_string (resource, number, patient, parameter, value, exact)
    SELECT s.key, k.n, s.patient, k.parameter, k.value, k.exact
    FROM stored s, unnest({taken(18, "text text text")}) WITH ORDINALITY AS k(parameter, value, exact, n)
),
dates AS (
    INSERT INTO search_date (resource, number, patient, parameter, low, high)
    SELECT s.key, k.n, s.patient, k.parameter, k.low, k.high
    FROM stored s, unnest({taken(21, "text bigint bigint")}) WITH ORDINALITY AS k(parameter, low, high, n)
),
refs AS (
    INSERT INTO search_reference (resource, number, patient, parameter, target_type, target_id, url, system, value)
    SELECT s.key, k.n, s.patient, k.parameter, k.type, COALESCE(t.patient, p.patient, k.id), k.url, k.system, k.value
    FROM stored s,
         unnest({taken(24, "text text text text text text text")})
         WITH ORDINALITY AS k(parameter, type, id, url, system, value, nhs, n)
         LEFT JOIN target t ON k.type = 'Patient' AND t.type = 'Patient' AND t.id = k.id
         LEFT JOIN numbered p ON k.nhs <> '' AND p.number = k.nhs
),
"""

# What few versions bring.
_RARE: Final = f"""
uris AS (
    INSERT INTO search_uri (resource, number, patient, parameter, value)
    SELECT s.key, k.n, s.patient, k.parameter, k.value
    FROM stored s, unnest({taken(31, "text text")}) WITH ORDINALITY AS k(parameter, value, n)
),
quantities AS (
    INSERT INTO search_quantity (resource, number, patient, parameter, low, high, system, code, part)
    SELECT s.key, k.n, s.patient, k.parameter, k.low, k.high, k.system, k.code, k.part
    FROM stored s, unnest({taken(47, "text numeric numeric text text text")})
         WITH ORDINALITY AS k(parameter, low, high, system, code, part, n)
),
numbers AS (
    INSERT INTO nhs_number (number, organisation, patient)
    SELECT n, s.organisation, s.patient FROM stored s, unnest($33::text[]) AS n
),
"""

_AUDITED: Final = """
audited AS (
    INSERT INTO audit (recorded, interaction, type, id, version, patient, status, outcome, query, client,
                       organisation, user_role, request_id, correlation_id)
    SELECT $12, $34, $8, $9, $11, s.patient, $35, '', '', $36, $37, $38, $39, $40 FROM stored s
)
SELECT s.key, COALESCE(s.patient, o.patient) AS patient,
       ARRAY(SELECT t.type || '/' || t.id FROM target t) AS targets,
       ARRAY(SELECT t.type || '/' || t.id FROM target t WHERE t.patient <> o.patient AND o.patient <> '') AS others,
       (SELECT c.found FROM contradiction c) AS contradiction,
       (SELECT g.found FROM guard g) AS guarded
FROM owner o LEFT JOIN stored s ON true
"""

_WHOLE: Final = f"WITH {_TARGET} {_HELD} {_OWNER}"
INSERT: Final = numbered(f"{_WHOLE}, {_INSERTED}, {_KEYS} {_RARE} {_AUDITED}")
REPLACE: Final = numbered(f"{_WHOLE}, {_REPLACED}, {_KEYS} {_RARE} {_AUDITED}")
# Of a version that neither brings NHS numbers, URIs or quantities nor names anybody by number.
INSERT_PLAIN: Final = numbered(f"WITH {_TARGET} {NOBODY_HELD} {_OWNER}, {_INSERTED}, {_KEYS} {_AUDITED}")

FORGET = """
WITH tokens AS (DELETE FROM search_token WHERE resource = $1),
     strings AS (DELETE FROM search_string WHERE resource = $1),
     dates AS (DELETE FROM search_date WHERE resource = $1),
     refs AS (DELETE FROM search_reference WHERE resource = $1),
     uris AS (DELETE FROM search_uri WHERE resource = $1),
     quantities AS (DELETE FROM search_quantity WHERE resource = $1)
DELETE FROM nhs_number n
WHERE n.number = ANY($2::text[]) AND n.patient = $3 AND NOT EXISTS (
    SELECT FROM search_token t
    WHERE t.parameter = 'Patient.identifier' AND t.code = n.number AND t.system = $4
      AND t.patient = $3 AND t.resource <> $1)
"""

REMOVE = """
WITH stored AS (
    UPDATE resource SET deleted = true, content = NULL, version = $3, updated = $4,
                        whole = NULL, whole_from = NULL, masked_until = NULL
    WHERE type = $1 AND id = $2
    RETURNING patient, organisation, level
),
versioned AS (
    INSERT INTO resource_version (type, id, version, patient, organisation, updated, method, level)
    SELECT $1, $2, $3, s.patient, s.organisation, $4, 'DELETE', s.level FROM stored s
)
INSERT INTO audit (recorded, interaction, type, id, version, patient, status, outcome, query, client,
                   organisation, user_role, request_id, correlation_id)
SELECT $4, 'delete', $1, $2, $3, s.patient, 204, '', '', $5, $6, $7, $8, $9 FROM stored s
"""
