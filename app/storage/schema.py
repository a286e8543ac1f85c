"""The schema of the database against the one this code was written for: compared, and brought up to date.

https://alembic.sqlalchemy.org/en/latest/api/commands.html
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import asyncpg
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from app.refusal import Refusal

Standing = Literal["empty", "foreign", "older", "current", "newer"]

# pg_advisory_xact_lock of whoever changes the schema: "kith" as a number, so that two starts at once take turns.
LOCK = 0x6B697468


@dataclass(frozen=True, slots=True)
class Schema:
    """How a database stands to this code.

    empty: no tables at all; foreign: tables, none of them Kith's; older, current, newer: than what the code expects.
    """

    standing: Standing
    revision: str
    expected: str


def migrations() -> Path:
    """The folder of the migrations: inside the package where it is installed, beside it in a clone."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "alembic"
    return installed if installed.is_dir() else package.parent / "alembic"


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[AsyncConnection]:
    """A SQLAlchemy connection to a postgresql:// address, read as asyncpg reads it. Raises Refusal."""

    async def opened() -> Any:
        return await asyncpg.connect(url, timeout=10, command_timeout=None)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=opened, poolclass=NullPool)
    try:
        await _reached(url)
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


async def _reached(url: str) -> None:
    try:
        connection = await asyncpg.connect(url, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        reason = str(error).split("\n", 1)[0] or type(error).__name__
        raise Refusal(f"the database cannot be reached: {reason}") from None
    await connection.close()


async def compare(url: str) -> Schema:
    """How the database at `url` stands to this code. Raises Refusal when it cannot be reached."""
    async with connect(url) as connection:
        try:
            return await connection.run_sync(_compare)
        except sqlalchemy.exc.DBAPIError as error:
            raise Refusal(
                f"the database does not show its schema: {_reason(error)} (is its account a member of kith_app?)"
            ) from error


async def upgrade(url: str, revision: str = "head") -> Schema:
    """Brings the schema to `revision`, all or nothing, one caller at a time, and says how it stands then.

    Raises Refusal when the database cannot be reached, is of something else, or is newer than this code.
    """
    async with connect(url) as connection:
        await connection.execute(sqlalchemy.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        found = await connection.run_sync(_compare)
        if found.standing in {"foreign", "newer"}:
            raise Refusal(refusal(found))
        if found.standing != "current" or revision != "head":
            await _changed(connection, command.upgrade, revision)
        return await connection.run_sync(_compare)


async def downgrade(url: str, revision: str) -> None:
    """Takes the schema back to `revision` ("base" for none), all or nothing."""
    async with connect(url) as connection:
        await connection.execute(sqlalchemy.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        await _changed(connection, command.downgrade, revision)


async def _changed(connection: AsyncConnection, change: Callable[[Config, str], None], revision: str) -> None:
    try:
        await connection.run_sync(lambda synchronous: change(_config(synchronous), revision))
        await connection.commit()
    except sqlalchemy.exc.DBAPIError as error:
        raise Refusal(f"the migration failed, and nothing was changed: {_reason(error)}") from error


def _reason(error: sqlalchemy.exc.DBAPIError) -> str:
    return str(error.orig).split("\n", 1)[0]


def refusal(schema: Schema) -> str:
    """What stands in the way of serving from a database whose schema is not current."""
    return {
        "empty": "the database is empty: run `kith migrate`",
        "foreign": "the database holds tables that are not Kith's: give Kith a database of its own",
        "older": f"the database has schema {schema.revision}, this Kith needs {schema.expected}: run `kith migrate`",
        "newer": f"the database has schema {schema.revision}, which this Kith ({schema.expected}) does not know: "
        "it was migrated by a newer Kith; start that one, or restore a backup",
        "current": "",
    }[schema.standing]


def _config(connection: sqlalchemy.Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    return config


def _compare(connection: sqlalchemy.Connection) -> Schema:
    scripts = ScriptDirectory.from_config(_config())
    expected = scripts.get_current_head() or ""
    revision = MigrationContext.configure(connection).get_current_revision() or ""
    return Schema(_standing(connection, scripts, revision, expected), revision, expected)


def _standing(connection: sqlalchemy.Connection, scripts: ScriptDirectory, revision: str, expected: str) -> Standing:
    if revision == expected:
        return "current"
    if revision:
        known = {script.revision for script in scripts.walk_revisions()}
        return "older" if revision in known else "newer"
    tables = set(sqlalchemy.inspect(connection).get_table_names()) - {"alembic_version"}
    return "foreign" if tables else "empty"
