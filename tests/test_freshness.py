"""A withdrawal acknowledged by one worker process binds the next check on any other."""

import pytest

from tests.flips import ASKERS, WORKERS, flip
from tests.test_serving import Kith

pytestmark = [pytest.mark.process, pytest.mark.long]


async def test_no_answer_of_any_worker_is_older_than_an_acknowledged_decision(tmp_path):
    kith = Kith(tmp_path, environment={"KITH_WORKERS": str(WORKERS)}).start().answering()
    try:
        report = await flip(kith, rounds=60, seconds=12)
    finally:
        ended = kith.end()
    assert report.stale == []
    assert report.rounds > 0
    assert report.checks == report.rounds * 2 * ASKERS
    assert len(report.workers) > 1
    assert ended[0] == 0, ended
