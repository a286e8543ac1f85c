"""Whether a patient restricts or refuses anybody is seen from an index, and who is the same patient by one look.

Each new supporter asks. The query was planned anew each time, and its plan went through the text of all Consents of the
patient and the Flags of everybody. So was the one that finds the other keys of a patient, which most have none of.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# The condition of the index `resource_guarding` (app/models/record.py).
GUARDING = """patient <> '' AND (type = 'Flag' OR (type = 'Consent' AND content::text LIKE '%"deny"%'))"""
GUARDS = f"""
CREATE OR REPLACE FUNCTION kith_guards(key text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    keys text[] := kith_same($1);
BEGIN
    RETURN EXISTS (SELECT FROM resource WHERE patient = ANY (keys) AND {GUARDING});
END $$
"""
GUARDS_BEFORE = """
CREATE OR REPLACE FUNCTION kith_guards(key text) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM resource r WHERE r.patient = ANY (kith_same($1)) AND r.patient <> ''
        AND (r.type = 'Flag' OR (r.type = 'Consent' AND r.content::text LIKE '%"deny"%')))
$$
"""

JOINED = """
    WITH RECURSIVE same (key) AS (
        SELECT $1 COLLATE "C"
        UNION
        SELECT theirs.patient FROM same s
        JOIN nhs_number ours ON ours.patient = s.key
        JOIN nhs_number theirs ON theirs.number = ours.number
    )
    SELECT array_agg(same.key) FROM same
"""
SAME = f"""
CREATE OR REPLACE FUNCTION kith_same(key text) RETURNS text[] LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF EXISTS (
        SELECT FROM nhs_number ours JOIN nhs_number theirs ON theirs.number = ours.number
        WHERE ours.patient = $1 AND theirs.patient <> $1
    ) THEN
        RETURN ({JOINED});
    END IF;
    RETURN ARRAY[$1];
END $$
"""
SAME_BEFORE = f"CREATE OR REPLACE FUNCTION kith_same(key text) RETURNS text[] LANGUAGE sql STABLE AS $$ {JOINED} $$"


def upgrade() -> None:
    op.execute(f"CREATE INDEX resource_guarding ON resource (patient) WHERE {GUARDING}")
    op.execute(SAME)
    op.execute(GUARDS)


def downgrade() -> None:
    op.execute(GUARDS_BEFORE)
    op.execute(SAME_BEFORE)
    op.execute("DROP INDEX resource_guarding")
