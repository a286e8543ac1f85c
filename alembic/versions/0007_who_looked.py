"""Searches that showed several patients are found by each of them.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX audit_patients ON audit USING gin (((detail -> 'patients')::jsonb))"
        " WHERE (detail -> 'patients') IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX audit_patients")
