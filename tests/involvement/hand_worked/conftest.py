"""One service that holds the cases of all tables; each table is of a team of its own."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.conftest import _copy, running
from tests.involvement.hand_worked.all_tables import TABLES
from tests.involvement.hand_worked.caseload import post

SETTINGS = {
    "small_number": 1,
    "suicidality_codes": "https://trust.example.org/risk|thoughts",
    "bank_holidays": "2025-04-18 2025-04-21",
}


@pytest.fixture(scope="session")
async def caseloads_url(server_url: str, template: str) -> AsyncIterator[str]:
    """postgresql:// address of the tables, for all files of this folder: none of them changes a record of a table."""
    async with _copy(server_url, template) as url:
        yield url


@pytest.fixture(scope="session")
async def caseloads(caseloads_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service that holds the tables; it tells numbers however small."""
    async with running(caseloads_url, **SETTINGS) as client:
        await post(client, [table.caseload for table in TABLES])
        yield client
