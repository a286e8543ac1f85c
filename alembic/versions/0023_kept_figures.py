"""Figures that were worked out of a patient's record, so that a report need not work them out again.

They are used where they are of the very same rows (`seal`), and never told to anybody as they are: app/storage/
kept_figures.py. `made` and `until` are microseconds since 1970.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE kept_figures (
            patient text COLLATE "C" NOT NULL,
            audience text COLLATE "C" NOT NULL,
            seal bytea NOT NULL,
            made bigint NOT NULL,
            until bigint NOT NULL,
            stored timestamptz NOT NULL DEFAULT now(),
            figures bytea NOT NULL,
            PRIMARY KEY (patient, audience)
        )
    """)
    op.execute("CREATE INDEX kept_figures_stored ON kept_figures (stored)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON kept_figures TO kith_app")


def downgrade() -> None:
    op.execute("DROP TABLE kept_figures")
