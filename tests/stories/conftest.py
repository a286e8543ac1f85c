"""The EPR of a story: one service and database for each module, and the doors in another order in each."""

import re

import httpx
import pytest

from tests.stories.epr import Epr


@pytest.fixture
def epr(client: httpx.AsyncClient, request: pytest.FixtureRequest) -> Epr:
    return Epr(client, story_of(request))


def story_of(request: pytest.FixtureRequest) -> int:
    """The number of the story that a module tells, 0 when it tells none."""
    found = re.search(r"test_story_(\d+)", request.module.__name__)
    return int(found[1]) if found else 0
