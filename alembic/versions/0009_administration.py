"""Stopping a client over HTTP: the one change to a registration that the service can make, for its caller's own.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DISABLE = """
CREATE FUNCTION kith_disable(which text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE client SET enabled = false WHERE id = which AND kith_owns(organisation) RETURNING true
$$
"""


def upgrade() -> None:
    op.execute(DISABLE)
    op.execute("REVOKE ALL ON FUNCTION kith_disable FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION kith_disable TO kith_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION kith_disable")
