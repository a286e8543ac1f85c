"""How Alembic reaches the database: by the connection it is handed, or as `alembic ...` by the settings."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import app.models.tables  # noqa: F401 -- declares the tables that `alembic revision --autogenerate` compares


def migrate(connection: Connection) -> None:
    """Runs what Alembic was asked for, in one transaction: a migration that fails leaves nothing behind."""
    context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


async def from_settings() -> None:
    """Opens the connection that the settings name."""
    from app.config import load
    from app.storage.migrating import connect

    settings = load()
    async with connect(settings.migration_database_url or settings.database_url) as connection:
        await connection.run_sync(migrate)
        await connection.commit()


if (handed := context.config.attributes.get("connection")) is not None:
    migrate(handed)
else:
    asyncio.run(from_settings())
