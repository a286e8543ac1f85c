"""Callers of two organisations, RX1 (`ours`) and RX2 (`theirs`), on one database."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.callers import acting, granted
from tests.conftest import running
from tests.organisations.matrix import Resource, records_and_callers

SCOPES = "system/*.cruds kith/check"


@pytest.fixture(scope="module")
async def client(module_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Nobody in particular, who sees everything: callers are not told apart."""
    async with running(module_database_url) as connected:
        yield connected


@pytest.fixture(scope="module")
async def ours(client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    async with acting(client, granted(SCOPES, organisation="RX1")) as acts:
        yield acts


@pytest.fixture(scope="module")
async def theirs(client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    async with acting(client, granted(SCOPES, organisation="RX2")) as acts:
        yield acts


@pytest.fixture(scope="module")
async def sharing(client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A client of RX1 whose registration lets it see the records of RX2."""
    async with acting(client, granted(SCOPES, organisation="RX1", sees=("RX2",))) as acts:
        yield acts


@pytest.fixture(scope="module")
async def trusted(client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A client of RX2 that may restrict contact, and read what is confidential."""
    async with acting(client, granted(f"{SCOPES} kith/restrictions", organisation="RX2")) as acts:
        yield acts


@pytest.fixture(scope="module")
async def made(module_database_url: str) -> AsyncIterator[tuple[dict[str, Resource], dict[str, httpx.AsyncClient]]]:
    """The records of the table, and a client of each kind of caller."""
    async with records_and_callers(module_database_url) as both:
        yield both
