"""Of a patient's supporters those by whom a plan is judged: who is named, and who may be one of them under another id.

Records of one human name each other by an extension, or share an identifier of a system that tells people apart
(app/sharing/same_person.py). Both are looked for in what was stored, as JSON, in every version: so it does not matter
which of them a decision looks at, or whether the record is deleted. Where any names another, everybody is given.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# `key`, `known` and `seen` as kith_facts gives them. `naming` and `shared` are JSON strings: the address of the
# extension, and the systems.
PEOPLE = """
CREATE FUNCTION kith_people(of_key text, named text[], naming text, shared text[])
RETURNS TABLE (key text, type text, id text, version int, updated timestamptz, content json, organisation text,
               patient text, known boolean, seen boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    keys text[] := ARRAY[of_key];
    mine text[] := kith_organisations();
    everyones boolean := kith_organisations() = '{*}';
    level_of_mine smallint := kith_level();
    everybody boolean;
    linked text[];
BEGIN
    IF EXISTS (
        SELECT FROM nhs_number ours JOIN nhs_number theirs ON theirs.number = ours.number
        WHERE ours.patient = of_key AND theirs.patient <> of_key
    ) THEN
        keys := kith_same(of_key);
    END IF;
    SELECT bool_or(strpos(v.said, naming) > 0),
           array_agg(v.id) FILTER (WHERE EXISTS (SELECT FROM unnest(shared) s WHERE strpos(v.said, s) > 0))
    INTO everybody, linked
    FROM (
        SELECT o.id, COALESCE(o.whole, o.content)::text AS said FROM resource_version o
        WHERE o.patient = ANY (keys) AND o.patient <> '' AND o.type = 'RelatedPerson'
        OFFSET 0
    ) v;
    RETURN QUERY
    SELECT of_key, v.type, v.id, v.version, v.updated, COALESCE(v.whole, v.content), v.organisation, of_key,
           everyones OR v.organisation = ANY (mine),
           (everyones OR v.organisation = ANY (mine)) AND v.level <= level_of_mine
    FROM resource_version v
    WHERE v.patient = ANY (keys) AND v.patient <> '' AND v.type IN ('Patient', 'RelatedPerson')
      AND (everybody OR v.type = 'Patient' OR v.id = ANY (named) OR v.id = ANY (linked))
    ORDER BY v.type, v.id, v.version;
END $$
"""
_ARGUMENTS = "text, text[], text, text[]"


def upgrade() -> None:
    op.execute(PEOPLE)
    op.execute(f"REVOKE EXECUTE ON FUNCTION kith_people({_ARGUMENTS}) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION kith_people({_ARGUMENTS}) TO kith_app")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION kith_people({_ARGUMENTS})")
