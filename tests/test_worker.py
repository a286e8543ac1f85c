"""What a worker process does before it serves."""

import gc
import weakref

from app import worker


class _Cycle:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.own = self


def test_the_collector_goes_seldom_through_what_stays_and_still_ends_cycles() -> None:
    before = gc.get_threshold()
    try:
        worker.spare_the_old()
        young, middle, old = gc.get_threshold()
        assert (young, middle) == before[:2]
        assert old > before[2]
        assert gc.get_freeze_count() > 0
        ended = weakref.ref(_Cycle())
        gc.collect(0)
        assert ended() is None
    finally:
        gc.set_threshold(*before)
