"""The record: resources, versions, search keys, audit.

Revision ID: 0001
Revises:
"""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The service works under this role and not as the owner of the tables. A role belongs to the whole PostgreSQL
# cluster, so another database may have made it already, perhaps at this very moment.
CREATE_ROLE = """
DO $$ BEGIN
    CREATE ROLE kith_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$
"""
MEMBERSHIP = "GRANT kith_app TO CURRENT_USER"


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("key", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("interaction", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("id", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("patient", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("query", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("client", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("organisation", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("user_role", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("request_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("correlation_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("detail", postgresql.JSON(astext_type=Text()), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(
        "audit_patient", "audit", ["patient", "recorded"], unique=False, postgresql_where=sa.text("patient <> ''")
    )
    op.create_index("audit_recorded", "audit", ["recorded"], unique=False)
    op.create_table(
        "nhs_number",
        sa.Column("number", sa.Text(collation="C"), nullable=False),
        sa.Column("patient", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("nhs_number_patient", "nhs_number", ["patient"], unique=False)
    op.create_table(
        "resource",
        sa.Column("key", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("type", sa.Text(collation="C"), nullable=False),
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("patient", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("organisation", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("content", postgresql.JSON(astext_type=Text()), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(
        "resource_patient_type",
        "resource",
        ["patient", "type", "key"],
        unique=False,
        postgresql_where=sa.text("patient <> ''"),
    )
    op.create_index("resource_type_id", "resource", ["type", "id"], unique=True)
    op.create_index("resource_type_key", "resource", ["type", "key"], unique=False)
    op.create_index("resource_type_updated", "resource", ["type", "updated", "key"], unique=False)
    op.create_table(
        "resource_version",
        sa.Column("type", sa.Text(collation="C"), nullable=False),
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("patient", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("organisation", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSON(astext_type=Text()), nullable=True),
        sa.PrimaryKeyConstraint("type", "id", "version"),
    )
    op.create_index(
        "resource_version_patient",
        "resource_version",
        ["patient", "type"],
        unique=False,
        postgresql_where=sa.text("patient <> ''"),
    )
    op.create_index("resource_version_type", "resource_version", ["type", "sequence"], unique=False)
    op.create_table(
        "search_date",
        sa.Column("resource", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("patient", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("parameter", sa.Text(collation="C"), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("resource", "number"),
    )
    op.create_index("search_date_low", "search_date", ["parameter", "low", "high"], unique=False)
    op.create_table(
        "search_reference",
        sa.Column("resource", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("patient", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("parameter", sa.Text(collation="C"), nullable=False),
        sa.Column("target_type", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("target_id", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("url", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("system", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("value", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("resource", "number"),
    )
    op.create_index(
        "search_reference_identifier",
        "search_reference",
        ["parameter", "value", "system"],
        unique=False,
        postgresql_where=sa.text("value <> ''"),
    )
    op.create_index(
        "search_reference_target", "search_reference", ["target_id", "target_type", "parameter"], unique=False
    )
    op.create_index(
        "search_reference_url",
        "search_reference",
        ["parameter", "url"],
        unique=False,
        postgresql_where=sa.text("url <> ''"),
    )
    op.create_table(
        "search_string",
        sa.Column("resource", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("patient", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("parameter", sa.Text(collation="C"), nullable=False),
        sa.Column("value", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("exact", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("resource", "number"),
    )
    op.create_index("search_string_value", "search_string", ["parameter", "value"], unique=False)
    op.create_table(
        "search_token",
        sa.Column("resource", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("patient", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("parameter", sa.Text(collation="C"), nullable=False),
        sa.Column("system", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("code", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("resource", "number"),
    )
    op.create_index("search_token_code", "search_token", ["parameter", "code", "resource", "system"], unique=False)
    # Which codes are common depends on the parameter: without this the planner takes "active" to be rare.
    op.execute("CREATE STATISTICS search_token_codes (mcv) ON parameter, code FROM search_token")
    op.create_table(
        "search_uri",
        sa.Column("resource", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("patient", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("parameter", sa.Text(collation="C"), nullable=False),
        sa.Column("value", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("resource", "number"),
    )
    op.create_index("search_uri_value", "search_uri", ["parameter", "value"], unique=False)
    op.create_table(
        "service_secret",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )

    op.execute(CREATE_ROLE)
    op.execute(MEMBERSHIP)
    op.execute("GRANT USAGE ON SCHEMA public TO kith_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO kith_app")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kith_app")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM kith_app")
    op.execute("REVOKE INSERT, UPDATE, DELETE ON service_secret FROM kith_app")
    op.bulk_insert(
        sa.table("service_secret", sa.column("name", sa.Text), sa.column("value", sa.LargeBinary)),
        [{"name": "cursor", "value": secrets.token_bytes(32)}],
    )


def downgrade() -> None:
    op.drop_table("service_secret")
    op.drop_index("search_uri_value", table_name="search_uri")
    op.drop_table("search_uri")
    op.drop_index("search_token_code", table_name="search_token")
    op.drop_table("search_token")
    op.drop_index("search_string_value", table_name="search_string")
    op.drop_table("search_string")
    op.drop_index("search_reference_url", table_name="search_reference", postgresql_where=sa.text("url <> ''"))
    op.drop_index("search_reference_target", table_name="search_reference")
    op.drop_index("search_reference_identifier", table_name="search_reference", postgresql_where=sa.text("value <> ''"))
    op.drop_table("search_reference")
    op.drop_index("search_date_low", table_name="search_date")
    op.drop_table("search_date")
    op.drop_index("resource_version_patient", table_name="resource_version", postgresql_where=sa.text("patient <> ''"))
    op.drop_index("resource_version_type", table_name="resource_version")
    op.drop_table("resource_version")
    op.drop_index("resource_type_updated", table_name="resource")
    op.drop_index("resource_type_key", table_name="resource")
    op.drop_index("resource_type_id", table_name="resource")
    op.drop_index("resource_patient_type", table_name="resource", postgresql_where=sa.text("patient <> ''"))
    op.drop_table("resource")
    op.drop_index("nhs_number_patient", table_name="nhs_number")
    op.drop_table("nhs_number")
    op.drop_index("audit_recorded", table_name="audit")
    op.drop_index("audit_patient", table_name="audit", postgresql_where=sa.text("patient <> ''"))
    op.drop_table("audit")
    # The role stays: other databases of the cluster may use it.
    op.execute("REVOKE USAGE ON SCHEMA public FROM kith_app")
