"""Who stores something in the record of a supporter waits too while that record joins another.

What is kept with a supporter (a Task for him) holds his row and not that of the Patient: so all rows of a record are
locked before it moves.

Revision ID: 0015
Revises: 0014
"""

from alembic import context, op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PATIENTS = "PERFORM FROM resource WHERE type = 'Patient' AND (patient = old OR id = old) FOR UPDATE;"
WHOLE = f"""{PATIENTS}
    PERFORM FROM resource WHERE patient = old AND patient <> '' ORDER BY key FOR UPDATE;"""


def upgrade() -> None:
    op.execute(_before().replace(PATIENTS, WHOLE))


def downgrade() -> None:
    op.execute(_before())


def _before() -> str:
    """The function as the migration 0013 made it."""
    module = context.script.get_revision("0013").module
    return str(module.REKEY.replace("{quantities}", module.QUANTITIES))
