"""What `--authenticated` compares: Kith with tokens, scopes and organisations, and without, on the same database."""

from pathlib import Path

import asyncpg

from app import sandbox
from app.config import Settings

# The address by which the tokens name the service, whatever port it has.
BASE_URL = "http://localhost"


def token(folder: Path, url: str) -> str:
    """A token of a client that may do everything, for the services on this folder."""
    settings = Settings(data=folder, base_url=BASE_URL)
    sandbox.prepare(settings, url)
    return sandbox.token(settings)


async def belong(url: str) -> None:
    """Gives every record to the organisation of that client."""
    connection = await asyncpg.connect(url, command_timeout=600)
    for table in ("resource", "resource_version"):
        statement = f"UPDATE {table} SET organisation = $1 WHERE organisation <> $1"  # names of its own
        await connection.execute(statement, sandbox.ORGANISATION)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
