"""Whose record it is: row-level security by organisation, label and patient; and the functions that alone cross it.

What a session may see is in its settings: `kith.organisations` (the caller's own first; `*` for all of them),
`kith.level` (see app/fhir/levels.py) and `kith.patient` (the one patient of a client that faces a patient or carer).
Without them it sees nothing. See docs/decisions/0014-organisations-in-the-database.md.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("resource", "resource_version")

# Records that are labelled already: restricted, very restricted, or given in confidence.
LABELLED = """
UPDATE {table} SET level = 3
WHERE type <> 'Flag' AND json_typeof(content -> 'meta' -> 'security') = 'array' AND EXISTS (
    SELECT FROM json_array_elements(content -> 'meta' -> 'security') label
    WHERE (label ->> 'system' LIKE '%//terminology.hl7.org/CodeSystem/v3-Confidentiality'
           AND label ->> 'code' IN ('R', 'V')) OR label ->> 'code' = 'given-in-confidence')
"""

UNMASKED = "UPDATE {table} SET content = whole WHERE whole IS NOT NULL"

SETTINGS = """
CREATE FUNCTION kith_organisations() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_to_array(current_setting('kith.organisations', true), ',')
$$;
CREATE FUNCTION kith_level() RETURNS smallint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(NULLIF(current_setting('kith.level', true), ''), '-1')::smallint
$$;
CREATE FUNCTION kith_patient() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(current_setting('kith.patient', true), '')
$$;
-- Whether records of this organisation may be known to the caller.
CREATE FUNCTION kith_knows(organisation text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT organisation = ANY (kith_organisations()) OR kith_organisations() = '{*}'
$$;
-- Whether the caller acts for it, and so may change what is its own.
CREATE FUNCTION kith_owns(organisation text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT organisation = (kith_organisations())[1] OR kith_organisations() = '{*}'
$$;
"""

# What is set is looked up once for a statement and not for each row.
SEES = """
(organisation = ANY ((SELECT kith_organisations())::text[]) OR (SELECT kith_organisations() = '{*}'))
"""
READS = """
AND level <= (SELECT kith_level())
AND ((SELECT kith_patient() = '') OR patient = (SELECT kith_patient())
     OR (patient = '' AND type IN ('Practitioner', 'PractitionerRole', 'Organization')))
"""
OF_THE_PATIENT = "AND ((SELECT kith_patient() = '') OR patient = (SELECT kith_patient()))"
WRITES = f"(SELECT kith_owns(organisation)) {OF_THE_PATIENT}"

# Records kept under different keys are of one human where an NHS number says so.
SAME = """
CREATE FUNCTION kith_same(key text) RETURNS text[] LANGUAGE sql STABLE AS $$
    WITH RECURSIVE same (key) AS (
        SELECT $1 COLLATE "C"
        UNION
        SELECT theirs.patient FROM same s
        JOIN nhs_number ours ON ours.patient = s.key
        JOIN nhs_number theirs ON theirs.number = ours.number
    )
    SELECT array_agg(same.key) FROM same
$$
"""

# All versions of everything that the decision about one patient rests on, whoever wrote them. `known`: the caller
# may know of the record; `seen`: the caller may read it. What the question names beyond the patient must be known.
FACTS = """
CREATE FUNCTION kith_facts(
    asked_id text, asked_number text, named_types text[], named_ids text[],
    parameters text[], systems text[], codes text[], own_types text[], fallback text
) RETURNS TABLE (key text, type text, id text, version int, updated timestamptz, content json, organisation text,
                 patient text, known boolean, seen boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    own_key text;
    keys text[];
BEGIN
    SELECT r.patient INTO own_key FROM resource r
    WHERE r.type = 'Patient' AND r.id = asked_id AND NOT r.deleted AND kith_knows(r.organisation);
    IF own_key IS NULL AND asked_number <> '' THEN
        SELECT n.patient INTO own_key FROM nhs_number n
        WHERE n.number = asked_number AND kith_knows(n.organisation)
        ORDER BY NOT n.organisation = (kith_organisations())[1], n.organisation LIMIT 1;
    END IF;
    own_key := COALESCE(own_key, NULLIF(fallback, ''));
    IF own_key IS NULL THEN
        RETURN;
    END IF;
    keys := kith_same(own_key);
    RETURN QUERY
    WITH RECURSIVE wanted AS (
        SELECT n.type, n.id FROM unnest(named_types, named_ids) AS n(type, id)
        UNION
        SELECT r.type, r.id FROM unnest(parameters, systems, codes) AS i(parameter, system, code)
        JOIN search_token k ON k.parameter = i.parameter AND k.system = i.system AND k.code = i.code
        JOIN resource r ON r.key = k.resource
    ),
    above (type, id) AS (
        SELECT w.type, w.id FROM wanted w
        UNION
        SELECT k.target_type, k.target_id
        FROM above a JOIN resource r ON r.type = a.type AND r.id = a.id
        JOIN search_reference k ON k.resource = r.key AND k.target_type = 'Organization'
        WHERE k.parameter IN ('Organization.partof', 'CareTeam')
    )
    SELECT own_key, v.type, v.id, v.version, v.updated, COALESCE(v.whole, v.content), v.organisation,
           CASE WHEN v.patient = ANY (keys) THEN own_key ELSE v.patient END,
           kith_knows(v.organisation), kith_knows(v.organisation) AND v.level <= kith_level()
    FROM (SELECT) one LEFT JOIN (
        SELECT o.* FROM resource_version o
        WHERE o.patient = ANY (keys) AND o.patient <> '' AND o.type = ANY (own_types)
        UNION ALL
        SELECT o.* FROM above a JOIN resource_version o ON o.type = a.type AND o.id = a.id
        WHERE NOT (o.patient = ANY (keys) AND o.patient <> '' AND o.type = ANY (own_types))
          AND kith_knows(o.organisation)
    ) v ON true
    ORDER BY v.type, v.id, v.version;
END $$
"""

# Whether anybody restricts or refuses somebody for this patient.
GUARDS = """
CREATE FUNCTION kith_guards(key text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM resource r WHERE r.patient = ANY (kith_same($1)) AND r.patient <> ''
        AND (r.type = 'Flag' OR (r.type = 'Consent' AND r.content::text LIKE '%"deny"%')))
$$
"""

# Who refers to a resource of the caller's own: of records that the caller may not see, only that there are some.
USERS = """
CREATE FUNCTION kith_users(
    of_type text, of_id text, of_key bigint, of_patient text, kept_for text[], going bigint[], most bigint
) RETURNS TABLE (name text, forbids boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT
        CASE WHEN kith_knows(r.organisation) AND r.level <= kith_level() THEN r.type || '/' || r.id ELSE '' END AS name,
        r.type = ANY (kept_for) AS forbids
    FROM search_reference k JOIN resource r ON r.key = k.resource
    WHERE k.resource <> of_key AND k.resource <> ALL (going) AND (
        (k.target_type = of_type AND k.target_id = of_id)
        -- A supporter may also be named by an identifier (Validated Relationships Consents name by NHS number).
        OR (of_type = 'RelatedPerson' AND k.value <> '' AND r.patient = of_patient
            AND (k.parameter, k.value, k.system) IN (
                SELECT p.name, t.code, t.system
                FROM search_token t, unnest(ARRAY[
                    'Consent.actor', 'Consent.any-actor', 'Consent', 'CareTeam.participant', 'Flag']) p(name)
                WHERE t.resource = of_key AND t.parameter = 'RelatedPerson.identifier')))
    ORDER BY forbids DESC, name LIMIT most
$$
"""

# Moves all that is recorded under a patient key to another, whoever wrote it. Whoever is storing something for the
# old key holds one of the rows that are locked first: their work is waited for, and then moved too.
REKEY = """
CREATE FUNCTION kith_rekey(old text, new text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM resource r WHERE r.type = 'Patient' AND r.id = old AND kith_owns(r.organisation)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this Patient is not the caller''s own';
    END IF;
    PERFORM FROM resource WHERE type = 'Patient' AND (patient = old OR id = old) FOR UPDATE;
    PERFORM FROM nhs_number WHERE patient = old FOR UPDATE;
    WITH moved AS (UPDATE resource SET patient = new WHERE patient = old RETURNING key),
         versions AS (UPDATE resource_version SET patient = new WHERE patient = old),
         numbers AS (UPDATE nhs_number SET patient = new WHERE patient = old),
         tokens AS (UPDATE search_token SET patient = new FROM moved WHERE resource = moved.key),
         strings AS (UPDATE search_string SET patient = new FROM moved WHERE resource = moved.key),
         dates AS (UPDATE search_date SET patient = new FROM moved WHERE resource = moved.key),
         uris AS (UPDATE search_uri SET patient = new FROM moved WHERE resource = moved.key)
    UPDATE search_reference k
    SET patient = CASE WHEN k.patient = old THEN new ELSE k.patient END,
        target_id = CASE WHEN k.target_type = 'Patient' AND k.target_id = old THEN new ELSE k.target_id END
    WHERE (k.target_type = 'Patient' AND k.target_id = old)
       OR k.resource IN (SELECT r.key FROM resource r WHERE r.patient = old);
END $$
"""

# Raises the level of a resource and its versions to what its writer may write and may not read.
RAISE = """
CREATE FUNCTION kith_raise(of_type text, of_id text, to_level smallint) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE resource SET level = to_level
    WHERE type = of_type AND id = of_id AND level < to_level AND kith_owns(organisation);
    UPDATE resource_version SET level = to_level
    WHERE type = of_type AND id = of_id AND level < to_level AND kith_owns(organisation);
$$
"""

# Puts what those may see who may not see all in the place of the content of versions, or ('null') takes it away.
# Keys of what is masked are kept under another name, where a search by it does not find them.
MASK = """
CREATE FUNCTION kith_mask(
    types text[], ids text[], versions int[], masks json[], levels smallint[], untils timestamptz[],
    parameters text[]
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE resource_version v
    SET content = COALESCE(m.mask, v.whole, v.content),
        whole = CASE WHEN m.mask IS NULL THEN NULL ELSE COALESCE(v.whole, v.content) END,
        whole_from = m.level, masked_until = m.until
    FROM unnest(types, ids, versions, masks, levels, untils) AS m(type, id, version, mask, level, until)
    WHERE v.type = m.type AND v.id = m.id AND v.version = m.version AND v.content IS NOT NULL;
    UPDATE resource r
    SET content = v.content, whole = v.whole, whole_from = v.whole_from, masked_until = v.masked_until
    FROM unnest(types, ids, versions) AS m(type, id, version)
    JOIN resource_version v ON v.type = m.type AND v.id = m.id AND v.version = m.version
    WHERE r.type = m.type AND r.id = m.id AND r.version = m.version;
    UPDATE search_token k
    SET parameter = CASE WHEN r.whole IS NULL THEN ltrim(k.parameter, '-') ELSE '-' || ltrim(k.parameter, '-') END
    FROM resource r
    WHERE (r.type, r.id) IN (SELECT m.type, m.id FROM unnest(types, ids) AS m(type, id))
      AND k.resource = r.key AND ltrim(k.parameter, '-') = ANY (parameters);
    UPDATE search_string k
    SET parameter = CASE WHEN r.whole IS NULL THEN ltrim(k.parameter, '-') ELSE '-' || ltrim(k.parameter, '-') END
    FROM resource r
    WHERE (r.type, r.id) IN (SELECT m.type, m.id FROM unnest(types, ids) AS m(type, id))
      AND k.resource = r.key AND ltrim(k.parameter, '-') = ANY (parameters);
END $$
"""

CROSSING = {
    "kith_facts": "text, text, text[], text[], text[], text[], text[], text[], text",
    "kith_guards": "text",
    "kith_users": "text, text, bigint, text, text[], bigint[], bigint",
    "kith_rekey": "text, text",
    "kith_raise": "text, text, smallint",
    "kith_mask": "text[], text[], int[], json[], smallint[], timestamptz[], text[]",
}


# A record does not change hands, and what was once written stays as it is.
CHANGEABLE = {
    "resource": "patient, version, updated, deleted, content, level, whole, whole_from, masked_until",
    "resource_version": "level",
    "nhs_number": "patient",
}


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("level", sa.SmallInteger(), server_default=sa.text("2"), nullable=False))
        op.add_column(table, sa.Column("whole", postgresql.JSON(astext_type=sa.Text()), nullable=True))
        op.add_column(table, sa.Column("whole_from", sa.SmallInteger(), nullable=True))
        op.add_column(table, sa.Column("masked_until", sa.DateTime(timezone=True), nullable=True))
        op.execute(LABELLED.format(table=table))
    op.add_column(
        "nhs_number", sa.Column("organisation", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False)
    )
    op.execute(
        "UPDATE nhs_number n SET organisation = r.organisation FROM resource r "
        "WHERE r.type = 'Patient' AND r.id = n.patient"
    )
    op.drop_constraint("nhs_number_pkey", "nhs_number")
    op.create_primary_key("nhs_number_pkey", "nhs_number", ["number", "organisation"])
    for part in SETTINGS.split(";\n"):
        if part.strip():
            op.execute(part)
    for function in (SAME, FACTS, GUARDS, USERS, REKEY, RAISE, MASK):
        op.execute(function)
    for name, arguments in CROSSING.items():
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name}({arguments}) FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name}({arguments}) TO kith_app")
    for table, columns in CHANGEABLE.items():
        op.execute(f"REVOKE UPDATE ON {table} FROM kith_app")
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO kith_app")
    for table in TABLES:
        _secure(table, f"{SEES} {READS}")
    _secure("nhs_number", f"{SEES} {OF_THE_PATIENT}")


def _secure(table: str, sees: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY sees ON {table} FOR SELECT TO kith_app USING ({sees})")
    op.execute(f"CREATE POLICY makes ON {table} FOR INSERT TO kith_app WITH CHECK ({WRITES})")
    # What is referred to is locked, which takes the rights of an update: so whoever sees a row may lock it.
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO kith_app USING ({sees}) WITH CHECK ({WRITES})")
    if table == "nhs_number":
        op.execute(f"CREATE POLICY frees ON {table} FOR DELETE TO kith_app USING ({WRITES})")


def downgrade() -> None:
    for table in CHANGEABLE:
        op.execute(f"GRANT UPDATE ON {table} TO kith_app")
    for table in (*TABLES, "nhs_number"):
        for policy in ("sees", "makes", "changes", "frees"):
            op.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for name in (*CROSSING, "kith_same", "kith_owns", "kith_knows", "kith_patient", "kith_level", "kith_organisations"):
        op.execute(f"DROP FUNCTION {name}")
    op.execute(
        "DELETE FROM nhs_number n USING nhs_number o WHERE n.number = o.number AND n.organisation > o.organisation"
    )
    op.drop_constraint("nhs_number_pkey", "nhs_number")
    op.create_primary_key("nhs_number_pkey", "nhs_number", ["number"])
    op.drop_column("nhs_number", "organisation")
    for table in TABLES:
        op.execute(sa.text(UNMASKED.format(table=table)))
        for column in ("masked_until", "whole_from", "whole", "level"):
            op.drop_column(table, column)
