"""Random questions are answered as an independent, slow search over the resources answers them."""

import pytest

from tests.storage.search.asking import ask_includes, ask_matches, fill


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
