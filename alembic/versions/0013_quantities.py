"""Search keys of numbers and quantities.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = "search_quantity"
# As in revision 0003, with the new table among those whose rows move to another patient key.
REKEY = """
CREATE OR REPLACE FUNCTION kith_rekey(old text, new text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM resource r WHERE r.type = 'Patient' AND r.id = old AND kith_owns(r.organisation)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this Patient is not the caller''s own';
    END IF;
    PERFORM FROM resource WHERE type = 'Patient' AND (patient = old OR id = old) FOR UPDATE;
    PERFORM FROM nhs_number WHERE patient = old FOR UPDATE;
    WITH moved AS (UPDATE resource SET patient = new WHERE patient = old RETURNING key),
         versions AS (UPDATE resource_version SET patient = new WHERE patient = old),
         numbers AS (UPDATE nhs_number SET patient = new WHERE patient = old),
         tokens AS (UPDATE search_token SET patient = new FROM moved WHERE resource = moved.key),
         strings AS (UPDATE search_string SET patient = new FROM moved WHERE resource = moved.key),
         dates AS (UPDATE search_date SET patient = new FROM moved WHERE resource = moved.key),{quantities}
         uris AS (UPDATE search_uri SET patient = new FROM moved WHERE resource = moved.key)
    UPDATE search_reference k
    SET patient = CASE WHEN k.patient = old THEN new ELSE k.patient END,
        target_id = CASE WHEN k.target_type = 'Patient' AND k.target_id = old THEN new ELSE k.target_id END
    WHERE (k.target_type = 'Patient' AND k.target_id = old)
       OR k.resource IN (SELECT r.key FROM resource r WHERE r.patient = old);
END $$
"""
QUANTITIES = """
         quantities AS (UPDATE search_quantity SET patient = new FROM moved WHERE resource = moved.key),"""


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("resource", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("patient", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("parameter", sa.Text(collation="C"), nullable=False),
        sa.Column("low", sa.Numeric(), nullable=False),
        sa.Column("high", sa.Numeric(), nullable=False),
        sa.Column("system", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("code", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("part", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("resource", "number"),
    )
    op.create_index("search_quantity_low", TABLE, ["parameter", "low", "resource", "high"])
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO kith_app")
    op.execute(REKEY.replace("{quantities}", QUANTITIES))


def downgrade() -> None:
    op.execute(REKEY.replace("{quantities}", ""))
    op.drop_table(TABLE)
