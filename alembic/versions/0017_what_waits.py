"""What goes through the record in the background keeps its place, and which records it has to come back to.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("progress", sa.Column("place", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("GRANT INSERT, DELETE ON progress TO kith_app")


def downgrade() -> None:
    op.execute("REVOKE INSERT, DELETE ON progress FROM kith_app")
    op.execute("DELETE FROM progress WHERE name <> 'rules'")
    op.drop_column("progress", "place")
