"""Random questions are answered as an independent, slow search over the resources answers them."""

import os

import pytest

from tests.storage.search.asking import ask_includes, ask_matches, fill

CASES = int(os.environ.get("KITH_SOAK_CASES", "20000"))
IN_A_WORLD = 500


@pytest.fixture(scope="module")
async def filled(module_shelf):
    return module_shelf, await fill(module_shelf, 1)


@pytest.mark.parametrize("tens", range(30))
async def test_matches_are_those_of_the_oracle_in_its_order(filled, tens: int) -> None:
    for seed in range(10 * tens, 10 * tens + 10):
        await ask_matches(*filled, seed)


@pytest.mark.parametrize("tens", range(10))
async def test_includes_are_those_of_the_oracle(filled, tens: int) -> None:
    for seed in range(10 * tens, 10 * tens + 10):
        await ask_includes(*filled, seed)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(1_000, 1_000 + CASES, IN_A_WORLD))
async def test_the_oracle_is_agreed_with_for_as_long_as_told(shelf, first: int) -> None:
    world = await fill(shelf, first)
    for seed in range(first, first + IN_A_WORLD):
        await ask_matches(shelf, world, seed)
        await ask_includes(shelf, world, seed)
