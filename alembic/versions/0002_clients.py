"""Who may call: clients and their keys, used assertions, and the keys that sign access tokens.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("sees", postgresql.ARRAY(Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("facing", sa.Text(), nullable=False),
        sa.Column("facing_patient", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("sandbox", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tokens_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "client_key",
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("jwk", postgresql.JSON(astext_type=Text()), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("client", "kid"),
    )
    op.create_table(
        "used_assertion",
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("jti", sa.LargeBinary(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client", "jti"),
    )
    op.create_index("used_assertion_expires", "used_assertion", ["expires"], unique=False)
    op.create_table(
        "signing_key",
        sa.Column("period", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("private", postgresql.JSON(astext_type=Text()), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("period"),
    )
    op.execute("GRANT SELECT ON client, client_key TO kith_app")
    # FOR UPDATE SKIP LOCKED, by which used assertions are cleared away, takes UPDATE on a column.
    op.execute("GRANT SELECT, INSERT, DELETE, UPDATE (expires) ON used_assertion TO kith_app")
    op.execute("GRANT SELECT, INSERT, DELETE ON signing_key TO kith_app")


def downgrade() -> None:
    op.drop_table("signing_key")
    op.drop_index("used_assertion_expires", table_name="used_assertion")
    op.drop_table("used_assertion")
    op.drop_table("client_key")
    op.drop_table("client")
