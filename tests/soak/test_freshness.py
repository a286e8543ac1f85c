"""Thousands of withdrawals and new consents under load, without one stale answer: see tests/flips.py."""

import pytest

from tests.flips import WORKERS, flip
from tests.test_serving import Kith

pytestmark = pytest.mark.soak

ROUNDS = 5_000
LONGEST = 3_600


async def test_in_thousands_of_rounds_no_answer_is_stale(tmp_path):
    kith = Kith(tmp_path, environment={"KITH_WORKERS": str(WORKERS)}).start().answering()
    try:
        report = await flip(kith, ROUNDS, LONGEST)
    finally:
        ended = kith.end()
    assert report.stale == []
    assert report.rounds >= ROUNDS
    assert len(report.workers) > 1
    assert ended[0] == 0, ended
