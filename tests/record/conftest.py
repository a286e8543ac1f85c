"""A patient with two supporters and a nurse, and a service on which anybody may end restrictions."""

import pytest

from tests.conftest import running
from tests.record.examples import (
    create,
    nhs_number,
    patient,
    practitioner,
    supporter,
    to,
)


@pytest.fixture(scope="module")
async def privileged(module_database_url):
    """A client of a service on which anybody may end restrictions."""
    async with running(module_database_url, development_privileges=True) as connected:
        yield connected


@pytest.fixture(scope="module")
async def loose(module_database_url):
    """A client of a service that does not enforce references."""
    async with running(module_database_url, referential_integrity=False) as connected:
        yield connected


@pytest.fixture
async def anna(client):
    return await create(client, patient(nhs_number(), birthDate="1980-05-05"))


@pytest.fixture
async def rob(client, anna):
    return await create(client, supporter(to(anna), name=[{"family": "Dunnock", "given": ["Rob"]}]))


@pytest.fixture
async def sue(client, anna):
    return await create(client, supporter(to(anna), name=[{"family": "Clarke", "given": ["Sue"]}]))


@pytest.fixture
async def nurse(client):
    return await create(client, practitioner())
