"""What consent rests on, of many patients at once: kith_facts of the migration 0003 for sets of them.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# All versions of everything that decisions about these patients rest on, whoever wrote them. `key` is the patient key
# that was asked for. `known`: the caller may know of the record; `seen`: the caller may read it. Of a patient of whom
# the caller knows nothing there is nothing to be had, nor for a client that faces a patient or carer.
FACTS_OF = """
CREATE FUNCTION kith_facts_of(asked text[], own_types text[])
RETURNS TABLE (key text, type text, id text, version int, updated timestamptz, content json, organisation text,
               known boolean, seen boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE permitted (key) AS MATERIALIZED (
        SELECT DISTINCT a.key COLLATE "C" FROM unnest(asked) AS a(key)
        WHERE kith_patient() = '' AND EXISTS (
            SELECT FROM resource r WHERE r.patient = a.key AND r.patient <> '' AND kith_knows(r.organisation))
    ),
    same (asked, key) AS (
        SELECT p.key, p.key FROM permitted p
        UNION
        SELECT s.asked, theirs.patient FROM same s
        JOIN nhs_number ours ON ours.patient = s.key
        JOIN nhs_number theirs ON theirs.number = ours.number
    )
    SELECT s.asked, v.type, v.id, v.version, v.updated, COALESCE(v.whole, v.content), v.organisation,
           kith_knows(v.organisation), kith_knows(v.organisation) AND v.level <= kith_level()
    FROM same s JOIN resource_version v ON v.patient = s.key AND v.patient <> '' AND v.type = ANY (own_types)
$$
"""


def upgrade() -> None:
    op.execute(FACTS_OF)
    op.execute("REVOKE EXECUTE ON FUNCTION kith_facts_of(text[], text[]) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION kith_facts_of(text[], text[]) TO kith_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION kith_facts_of(text[], text[])")
