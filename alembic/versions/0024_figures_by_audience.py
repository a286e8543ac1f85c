"""Whoever reads figures that are kept sees those of callers who see the same of the record, and no others.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# What a session may see, as a short text. None of the three settings has a bar in it.
AUDIENCE = """
CREATE FUNCTION kith_audience() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(concat_ws('|',
        COALESCE(current_setting('kith.organisations', true), ''), kith_level(), kith_patient()), 'UTF8')), 'hex')
$$
"""
# What is too old goes, whoever's it is, of which nothing is told.
FORGET = """
CREATE FUNCTION kith_forget_figures(days int) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM kept_figures WHERE stored < now() - make_interval(days => days)
$$
"""
OWN = "audience = (SELECT kith_audience())"


def upgrade() -> None:
    op.execute(AUDIENCE)
    op.execute(FORGET)
    op.execute("REVOKE EXECUTE ON FUNCTION kith_forget_figures(int) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION kith_forget_figures(int) TO kith_app")
    op.execute("ALTER TABLE kept_figures ALTER audience SET DEFAULT kith_audience()")
    op.execute("ALTER TABLE kept_figures ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON kept_figures TO kith_app USING ({OWN}) WITH CHECK ({OWN})")
    op.execute("REVOKE DELETE ON kept_figures FROM kith_app")


def downgrade() -> None:
    op.execute("GRANT DELETE ON kept_figures TO kith_app")
    op.execute("DROP POLICY own ON kept_figures")
    op.execute("ALTER TABLE kept_figures DISABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE kept_figures ALTER audience DROP DEFAULT")
    op.execute("DROP FUNCTION kith_forget_figures(int)")
    op.execute("DROP FUNCTION kith_audience()")
