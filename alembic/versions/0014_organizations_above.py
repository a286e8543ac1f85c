"""The Organizations above a team are found however it names them: by literal reference or by identifier.

What a CareTeam refers to has one search key. One that has its managing Organization among its participants too has the
key of a participant, and the Organizations above that one were not found; nor were those named by identifier alone. A
refusal that named one of them did not bind the team.

Revision ID: 0014
Revises: 0013
"""

from alembic import context, op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# More is found than is above: who manages a team is for the reader of its content to see.
ABOVE = """
        UNION
        SELECT 'Organization', o.id
        FROM above a JOIN resource r ON r.type = a.type AND r.id = a.id
        JOIN search_reference k ON k.resource = r.key
        CROSS JOIN LATERAL (
            SELECT k.target_id WHERE k.target_type = 'Organization' AND k.target_id <> ''
            UNION ALL
            SELECT p.id FROM search_token t JOIN resource p ON p.key = t.resource
            WHERE k.value <> '' AND k.target_type IN ('', 'Organization')
              AND t.parameter = 'Organization.identifier' AND t.code = k.value AND t.system = k.system
        ) o(id)
        WHERE k.parameter IN ('Organization.partof', 'CareTeam', 'CareTeam.participant')
    )
"""


def upgrade() -> None:
    before = _before()
    start = before.index("SELECT w.type, w.id FROM wanted w") + len("SELECT w.type, w.id FROM wanted w")
    op.execute(before[:start] + ABOVE + before[before.index("SELECT own_key, v.type") :])


def downgrade() -> None:
    op.execute(_before())


def _before() -> str:
    """The function as the migrations 0003 and 0012 made it."""
    revisions = context.script
    facts = str(revisions.get_revision("0003").module.FACTS)
    statement = facts[facts.index("keys := kith_same") : facts.rindex("END $$")].strip()
    function = str(revisions.get_revision("0012").module.BEYOND).format(statement=statement)
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
