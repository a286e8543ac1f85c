"""Whether a patient restricts anybody is asked once whoever is restricting somebody for them is done.

A writer waits for the lock of its Patient, and would then still see the record as it was before it waited: a function
that is STABLE sees what the statement around it sees.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER FUNCTION kith_guards(text) VOLATILE")


def downgrade() -> None:
    op.execute("ALTER FUNCTION kith_guards(text) STABLE")
