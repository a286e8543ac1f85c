"""Provenances tell of records: they stand in no record's way, and are hidden with what they tell of.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Who refers to a resource of the caller's own: of records that the caller may not see, only that there are some. What
# a Provenance is about may be deleted all the same.
USERS = """
CREATE OR REPLACE FUNCTION kith_users(
    of_type text, of_id text, of_key bigint, of_patient text, kept_for text[], going bigint[], most bigint
) RETURNS TABLE (name text, forbids boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT
        CASE WHEN kith_knows(r.organisation) AND r.level <= kith_level() THEN r.type || '/' || r.id ELSE '' END AS name,
        r.type = ANY (kept_for) AS forbids
    FROM search_reference k JOIN resource r ON r.key = k.resource
    WHERE k.resource <> of_key AND k.resource <> ALL (going) {but}AND (
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
BUT = "AND k.parameter NOT IN ('Provenance.target', 'Provenance.patient', 'Provenance.entity') "

# Raises the level of these Provenances, whoever wrote them, to that of what they are about.
RAISE_TOLD = """
CREATE FUNCTION kith_raise_told(keys bigint[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH lower AS (
        SELECT t.key, t.id, max(o.level) AS level
        FROM resource t
        JOIN search_reference k ON k.resource = t.key AND k.parameter = 'Provenance.target'
        JOIN resource o ON o.type = k.target_type AND o.id = k.target_id
        WHERE t.key = ANY (keys) AND t.type = 'Provenance' AND t.level < o.level
        GROUP BY t.key
    ),
    raised AS (UPDATE resource r SET level = l.level FROM lower l WHERE r.key = l.key)
    UPDATE resource_version v SET level = l.level FROM lower l
    WHERE v.type = 'Provenance' AND v.id = l.id AND v.level < l.level
$$
"""
ARGUMENTS = "bigint[]"


def upgrade() -> None:
    op.execute(USERS.format(but=BUT))
    op.execute(RAISE_TOLD)
    op.execute(f"REVOKE EXECUTE ON FUNCTION kith_raise_told({ARGUMENTS}) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION kith_raise_told({ARGUMENTS}) TO kith_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION kith_raise_told")
    op.execute(USERS.format(but=""))
