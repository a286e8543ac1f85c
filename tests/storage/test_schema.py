"""The schema: brought up to date, taken back, compared with the code, and the same as the tables declare."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import app.models.tables  # noqa: F401 -- declares the tables
from app.refusal import Refusal
from app.storage import migrating, schema

BYSTANDER = "DO $$ BEGIN CREATE ROLE bystander LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"


@pytest.fixture
async def empty_url(server_url: str) -> AsyncIterator[str]:
    """postgresql:// address of a database without tables."""
    admin = await asyncpg.connect(server_url)
    await admin.execute("CREATE DATABASE empty")
    yield server_url.replace("/postgres?", "/empty?")
    await admin.execute("DROP DATABASE empty WITH (FORCE)")
    await admin.close()


async def run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def test_an_empty_database_is_brought_up_to_date_once(empty_url):
    assert (await schema.compare(empty_url)).standing == "empty"
    done = await schema.upgrade(empty_url)
    assert done.standing == "current"
    assert done.revision == done.expected
    assert await schema.upgrade(empty_url) == done


def test_the_migrations_are_one_line_and_their_files_are_named_by_revision():
    config = Config()
    config.set_main_option("script_location", str(schema.migrations()).replace("%", "%%"))
    newest_first = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert schema.revisions() == newest_first[::-1]


async def test_two_at_once_take_turns(empty_url):
    both = await asyncio.gather(schema.upgrade(empty_url), schema.upgrade(empty_url))
    assert {each.standing for each in both} == {"current"}


async def test_the_migrations_make_what_the_tables_declare(database_url):
    async with migrating.connect(database_url) as connection:
        differences = await connection.run_sync(
            lambda synchronous: compare_metadata(MigrationContext.configure(synchronous), SQLModel.metadata)
        )
    assert differences == []


async def test_every_migration_goes_down_and_up_again_with_data_in_the_tables(database_url):
    await run(
        database_url,
        "INSERT INTO resource (type, id, version, updated, content) VALUES ('Patient', 'a', 1, now(), '{}')",
        "INSERT INTO audit (recorded, interaction, status) VALUES (now(), 'read', 200)",
    )
    await migrating.downgrade(database_url, "base")
    assert (await schema.compare(database_url)).standing == "empty"
    assert (await schema.upgrade(database_url)).standing == "current"


async def test_a_newer_schema_is_neither_served_nor_touched(database_url):
    await run(database_url, "UPDATE alembic_version SET version_num = '9999'")
    found = await schema.compare(database_url)
    assert found.standing == "newer"
    with pytest.raises(Refusal, match=r"schema 9999, which this Kith .* does not know"):
        await schema.upgrade(database_url)


async def test_tables_of_something_else_are_not_touched(empty_url):
    await run(empty_url, "CREATE TABLE invoices ()")
    with pytest.raises(Refusal, match="not Kith's"):
        await schema.upgrade(empty_url)
    assert (await schema.compare(empty_url)).standing == "foreign"


async def test_a_migration_that_fails_changes_nothing_and_says_why(empty_url):
    await run(empty_url, BYSTANDER)
    with pytest.raises(Refusal, match="nothing was changed: permission denied for schema public"):
        await schema.upgrade(empty_url.replace("//postgres@", "//bystander@"))
    assert (await schema.compare(empty_url)).standing == "empty"


async def test_an_account_that_may_not_see_the_tables_is_told_which_role_it_lacks(database_url):
    await run(database_url, BYSTANDER)
    with pytest.raises(Refusal, match=r"permission denied .* \(is its account a member of kith_app\?\)"):
        await schema.compare(database_url.replace("//postgres@", "//bystander@"))


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "postgresql://nobody@/none?host=/nowhere"])
async def test_a_database_that_cannot_be_reached_is_said_in_one_line(url):
    with pytest.raises(Refusal, match="the database cannot be reached") as refused:
        await schema.compare(url)
    assert "\n" not in str(refused.value)


async def test_an_unknown_database_is_said_in_one_line(server_url):
    with pytest.raises(Refusal, match='database "absent" does not exist'):
        await schema.compare(server_url.replace("/postgres?", "/absent?"))
