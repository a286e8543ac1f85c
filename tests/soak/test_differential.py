"""The engine and the reference on as many random cases as KITH_SOAK_CASES says.

`validUntil` by trying every boundary takes the reference five times as long as all else, so that it is compared in one
case of twenty.
"""

import os

import pytest

from tests.sharing.compare import differences

# Far away from the seeds of the ordinary run.
_FIRST = 10_000_000
_UNTIL_EVERY = 20
_CASES = int(os.environ.get("KITH_SOAK_CASES", "20000"))


@pytest.mark.soak
def test_the_engine_and_the_reference_agree_for_as_long_as_told() -> None:
    found: list[str] = []
    for seed in range(_FIRST, _FIRST + _CASES):
        found += differences(seed, until=seed % _UNTIL_EVERY == 0)
        assert len(found) < 20, "\n".join(found)
    assert not found, "\n".join(found)
