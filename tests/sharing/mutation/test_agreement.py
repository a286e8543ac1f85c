"""The engine and the reference agree on cases whose reference answers are kept: quick enough to ask of each mutant."""

import pytest

from tests.sharing.compare import differences
from tests.sharing.mutation.reference_answers import CASES, CHUNK, reference_answers


@pytest.mark.mutation
@pytest.mark.parametrize("start", range(0, CASES, CHUNK))
def test_the_engine_agrees_with_the_answers_of_the_reference(start: int) -> None:
    for seed in range(start, start + CHUNK):
        found = differences(seed, until=seed % 2 == 0, theirs=reference_answers(seed))
        assert not found, found[0]
