"""Worlds that many change at once, as many as KITH_SOAK_CASES says and other ones each time: see tests/record/model."""

import os
import random

import pytest

from tests.conftest import running
from tests.record.model.world import World

pytestmark = pytest.mark.soak

WORLDS = int(os.environ.get("KITH_SOAK_CASES", "500"))
ROUNDS = 12


async def test_what_is_answered_at_once_has_an_explanation_in_some_order_for_as_long_as_told(
    client, module_database_url
):
    async with running(module_database_url) as other:
        for _ in range(WORLDS):
            world = World([client, other], random.Random())
            for _ in range(ROUNDS):
                await world.round()
            await world.end()
