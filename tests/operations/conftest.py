"""A team and a patient of theirs."""

import pytest

from tests.operations.worklists import episode
from tests.record.examples import create, nhs_number, organization, patient, to


@pytest.fixture
async def team(client):
    return await create(client, organization())


@pytest.fixture
async def sam(client, team):
    """A patient with an open episode of the team."""
    of = await create(client, patient(nhs_number()))
    await create(client, episode(to(of), team))
    return of
