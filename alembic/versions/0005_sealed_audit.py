"""Seals over the audit trail, and the role that may remove what is older than it has to be kept.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# A role belongs to the whole PostgreSQL cluster: another database may have made it already.
CREATE_ROLE = """
DO $$ BEGIN
    CREATE ROLE kith_retention NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("newest", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("removal", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.execute(CREATE_ROLE)
    op.execute("GRANT kith_retention TO CURRENT_USER")
    op.execute("GRANT USAGE ON SCHEMA public TO kith_retention")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON audit_seal FROM kith_app")
    op.execute("GRANT SELECT, INSERT ON audit_seal TO kith_app")
    op.execute("GRANT SELECT, INSERT, DELETE ON audit TO kith_retention")
    op.execute("GRANT SELECT, UPDATE (removal) ON audit_seal TO kith_retention")


def downgrade() -> None:
    op.execute("REVOKE ALL ON audit FROM kith_retention")
    op.drop_table("audit_seal")
    op.execute("REVOKE USAGE ON SCHEMA public FROM kith_retention")
