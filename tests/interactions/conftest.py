"""A client of the organisation RX1, and the people whom what it writes is about."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.callers import acting, granted
from tests.record.examples import create, nhs_number, patient, practitioner, supporter, to

Resource = dict[str, Any]


@pytest.fixture(scope="module")
async def ours(client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    async with acting(client, granted(organisation="RX1")) as acts:
        yield acts


@pytest.fixture(scope="module")
async def people(ours: httpx.AsyncClient) -> tuple[Resource, Resource, Resource]:
    """A patient, a supporter and a nurse."""
    person = await create(ours, patient(nhs_number()))
    return person, await create(ours, supporter(to(person))), await create(ours, practitioner())
