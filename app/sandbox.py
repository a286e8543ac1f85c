"""The sandbox of `kith serve --demo`: a client that may do everything, and a token that is ready to use.

It is for trying Kith out, with made-up people; a production start refuses a database in which it is.
"""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from app.config import Settings
from app.refusal import Refusal
from app.security.access_token import OwnTokens
from app.security.client import Client
from app.security.scopes import PRIVILEGED
from app.security.signing import SigningKeys
from app.storage import clients
from app.storage.pool import Database
from app.storage.signing_keys import StoredSigningKeys

ID: Final = "sandbox"
# The crisis team of the demo.
ORGANISATION: Final = "ZZK02"
LASTING: Final = timedelta(hours=12)
FILE: Final = "sandbox-token"


def path(settings: Settings) -> Path:
    """The file that holds the token."""
    return settings.data / FILE


def prepare(settings: Settings, url: str) -> None:
    """Makes the sandbox client and a new token for it. Raises Unavailable, or OSError when there is no place for it."""
    token = asyncio.run(_token(settings, url))
    file = path(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as opened:
        opened.write(token)


def token(settings: Settings) -> str:
    """The token that the last start made, '' when there is none to be read."""
    try:
        return path(settings).read_text().strip()
    except OSError:
        return ""


def refuse(url: str) -> None:
    """Raises Refusal when a database has sandbox clients that may call."""
    names = asyncio.run(_sandboxes(url))
    if names:
        raise Refusal(f"the database has sandbox clients ({', '.join(names)}): `kith client disable` them first")


async def _token(settings: Settings, url: str) -> str:
    now = datetime.now(UTC)
    database = Database(url, size=1, role="none")
    await database.open()
    try:
        async with database.transaction(None) as connection:
            await clients.remove(connection, ID)
            await clients.add(connection, _client(now.replace(microsecond=0)))
        tokens = OwnTokens(settings.own_issuer, SigningKeys(StoredSigningKeys(database)))
        return await tokens.make(ID, PRIVILEGED, now, LASTING)
    finally:
        await database.close()


def _client(now: datetime) -> Client:
    return Client(ID, ID, ORGANISATION, PRIVILEGED, made=now, tokens_from=now, sandbox=True)


async def _sandboxes(url: str) -> list[str]:
    database = Database(url, size=1)
    await database.open()
    try:
        async with database.connection(None) as connection:
            return [one.name for one in await clients.every(connection) if one.sandbox and one.enabled]
    finally:
        await database.close()
