"""Who asked for reports, so that the figures of records that changed are worked out before they ask again.

A sort of caller by what it may see, in its words (app/storage/visibility.py), and how far its figures have come: what
changed before `seen`, and of what changed then the patients up to `place`.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE figures_wanted (
            audience text COLLATE "C" PRIMARY KEY DEFAULT kith_audience(),
            organisations text[],
            own text NOT NULL,
            level integer NOT NULL,
            asked timestamptz NOT NULL DEFAULT now(),
            seen timestamptz NOT NULL,
            place text COLLATE "C" NOT NULL DEFAULT ''
        )
    """)
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON figures_wanted TO kith_app")
    op.execute("INSERT INTO progress (name, seen) VALUES ('figures', now())")


def downgrade() -> None:
    op.execute("DELETE FROM progress WHERE name = 'figures'")
    op.execute("DROP TABLE figures_wanted")
