"""A service that tells its callers apart."""

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import httpx
import pytest

from tests.conftest import running
from tests.security.tokens import ROOT, Registered, register


@pytest.fixture(scope="module")
async def secured(module_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token, of a service that wants one."""
    async with running(module_database_url, authentication="on", base_url=ROOT) as connected:
        yield connected


@pytest.fixture(scope="module")
async def registered(module_database_url: str) -> Registered:
    """A client that is registered there."""
    one = Registered()
    await register(module_database_url, one)
    return one


@pytest.fixture(scope="module")
def connection_to(module_database_url: str) -> Callable[..., Awaitable[list[asyncpg.Record]]]:
    """The rows that a statement finds in the database of this module."""

    async def fetched(statement: str, *values: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(module_database_url)
        try:
            return await connection.fetch(statement, *values)
        finally:
            await connection.close()

    return fetched
