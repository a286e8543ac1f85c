"""Searches that showed several patients are found by each of them.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX audit_patients ON audit USING gin (((detail -> 'patients')::jsonb))"
        " WHERE (detail -> 'patients') IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX audit_patients")
