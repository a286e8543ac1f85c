"""What many are answered at once is what they could have been answered one after the other: see tests/record/model."""

import random

import pytest

from tests.conftest import running
from tests.record.model.answered import Answered
from tests.record.model.asked import Asked, Content
from tests.record.model.order import Call, explained
from tests.record.model.world import World

ROUNDS = 6
RED, BLUE = Content("red", "x"), Content("blue", "x")
BEFORE = ((("a", (RED,)),),)


@pytest.mark.parametrize("seed", range(5))
async def test_what_is_answered_at_once_has_an_explanation_in_some_order(client, module_database_url, seed):
    async with running(module_database_url) as other:
        world = World([client, other], random.Random(seed))
        for _ in range(ROUNDS):
            await world.round()
        await world.end()


def put(content: Content, version: int, sent: int, returned: int) -> Call:
    return Call((Asked("PUT", "a", content=content),), (Answered(200, "a", version, content),), sent, returned)


def read(content: Content, version: int, sent: int, returned: int, **more: int) -> Call:
    return Call((Asked("GET", "a"),), (Answered(200, "a", version, content),), sent, returned, **more)


@pytest.mark.parametrize(
    ("writes", "reads"),
    [
        pytest.param([put(BLUE, 2, 0, 2), put(RED, 2, 1, 3)], [], id="a lost update"),
        pytest.param([put(BLUE, 3, 0, 1), put(RED, 2, 2, 3)], [], id="a version before an earlier answer"),
        pytest.param([put(BLUE, 2, 0, 1)], [read(RED, 1, 2, 3)], id="a stale read"),
        pytest.param([put(BLUE, 2, 2, 3)], [read(BLUE, 2, 0, 1)], id="a read of what is not asked yet"),
        pytest.param([put(BLUE, 2, 0, 3)], [read(RED, 2, 1, 2)], id="a read of what nobody wrote"),
        pytest.param([put(BLUE, 2, 0, 3)], [read(RED, 1, 0, 3, follows=0)], id="a transaction blind to its own write"),
        pytest.param(
            [Call((Asked("DELETE", "a", if_match=1),), (Answered(412),), 0, 1)], [], id="a refusal without a cause"
        ),
        pytest.param(
            [Call((Asked("POST", criteria="x", content=RED),), (Answered(201, "b", 1, RED),), 0, 1)],
            [],
            id="a duplicate",
        ),
    ],
)
def test_what_cannot_be_has_no_explanation(writes, reads):
    assert not explained(BEFORE, writes, reads)


def test_either_order_is_an_explanation_of_what_happened_at_once():
    first, second = put(BLUE, 2, 0, 2), put(RED, 3, 1, 3)
    assert explained(BEFORE, [second, first], [read(BLUE, 2, 0, 3)]) == {(("a", (RED, BLUE, RED)),)}
