"""Changes the schema of a database by the migrations in alembic/, all or nothing, one caller at a time.

https://alembic.sqlalchemy.org/en/latest/api/commands.html
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import sqlalchemy
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from app.refusal import Refusal
from app.storage import schema

# pg_advisory_xact_lock of whoever changes the schema: "kith" as a number, so that two starts at once take turns.
LOCK = 0x6B697468


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[AsyncConnection]:
    """A SQLAlchemy connection to a postgresql:// address, read as asyncpg reads it. Raises Refusal."""

    async def opened() -> Any:
        return await asyncpg.connect(url, timeout=10, command_timeout=None)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=opened, poolclass=NullPool)
    try:
        async with schema.reached(url):
            pass
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


@asynccontextmanager
async def turn(url: str) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction that nobody else who changes the schema has at the same time. Raises Refusal."""
    async with connect(url) as connection:
        await connection.execute(sqlalchemy.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        yield connection


async def upgrade(connection: AsyncConnection) -> None:
    """Runs the migrations that are missing, and commits. Raises Refusal when one fails."""
    await _changed(connection, command.upgrade, "head")


async def downgrade(url: str, revision: str) -> None:
    """Takes the schema back to `revision` ("base" for none), all or nothing."""
    async with turn(url) as connection:
        await _changed(connection, command.downgrade, revision)


async def _changed(connection: AsyncConnection, change: Callable[[Config, str], None], revision: str) -> None:
    try:
        await connection.run_sync(lambda synchronous: change(_config(synchronous), revision))
        await connection.commit()
    except sqlalchemy.exc.DBAPIError as error:
        reason = str(error.orig).split("\n", 1)[0]
        raise Refusal(f"the migration failed, and nothing was changed: {reason}") from error


def _config(connection: sqlalchemy.Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(schema.migrations()).replace("%", "%%"))
    return config
