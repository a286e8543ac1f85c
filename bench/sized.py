"""Databases of few and many resources beside each other, and the plans of what is asked of them."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from app.storage import schema


def address(server: str, name: str) -> str:
    """The address of a database of that name on a server."""
    return server.replace("/postgres?", f"/{name}?")


async def filled(server: str, name: str, fill: Callable[[Any], Awaitable[None]]) -> str:
    """The address of a database of that name, made and filled when it is not there."""
    url = address(server, name)
    admin = await asyncpg.connect(server)
    if not await admin.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name):
        await admin.execute(f"CREATE DATABASE {name}")
        await schema.upgrade(url)
        connection = await asyncpg.connect(url)
        await fill(connection)
        await connection.close()
    await admin.close()
    return url


class Explaining:
    """Stands where a connection does, asks for the plan of what it is given, and answers with `found`."""

    def __init__(self, connection: Any, *found: Any) -> None:
        self.connection, self.plan, self._found, self._prepared = connection, "", list(found), ""

    async def fetch(self, *asked: Any) -> list[Any]:
        statement, *values = (self._prepared, *asked) if self._prepared else asked
        rows = await self.connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS, COSTS off) {statement}", *values)
        self.plan = "\n".join(row[0] for row in rows)
        return self._found

    async def execute(self, setting: str) -> None:
        await self.connection.execute(setting)

    async def prepare(self, statement: str, *, name: str) -> "Explaining":
        assert not name
        self._prepared = statement
        return self
