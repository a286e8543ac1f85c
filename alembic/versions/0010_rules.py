"""How far the rules by which tasks arise have looked at the record: a row that one worker at a time holds.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "progress",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute("INSERT INTO progress VALUES ('rules', now())")
    op.execute("GRANT SELECT, UPDATE ON progress TO kith_app")


def downgrade() -> None:
    op.drop_table("progress")
