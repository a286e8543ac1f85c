"""Keys that all workers share, kept in the database so that a restart or another host has them too."""

from app.storage.pool import Database


async def secret(database: Database, name: str) -> bytes:
    """The secret of this name, made by the migrations. Raises Unavailable."""
    async with database.connection(None) as connection:
        value: bytes = await connection.fetchval("SELECT value FROM service_secret WHERE name = $1", name)
    return value
