"""The order in which the resources of a Bundle are stored: what is referred to comes before what refers to it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from heapq import heapify, heappop
from typing import Any


def waves(needs: Sequence[set[int]], rank: Callable[[int], Any]) -> Iterator[list[int]]:
    """The indices of `needs` in waves: each needs only earlier waves.

    Where some need each other in a circle, the one of the lowest `rank` goes first, without what it needs.
    """
    left = [set(each) for each in needs]
    needed_by: dict[int, list[int]] = defaultdict(list)
    for index, each in enumerate(left):
        each.discard(index)
        for need in each:
            needed_by[need].append(index)
    done = [False] * len(left)
    waiting = [(rank(index), index) for index in range(len(left)) if left[index]]
    heapify(waiting)
    wave = [index for index in range(len(left)) if not left[index]]
    while wave or waiting:
        if not wave:
            _, first = heappop(waiting)
            wave = [] if done[first] else [first]
            continue
        yield wave
        for index in wave:
            done[index] = True
        wave = sorted({freed for index in wave for freed in _freed(index, needed_by, left) if not done[freed]})


def _freed(index: int, needed_by: dict[int, list[int]], left: list[set[int]]) -> Iterator[int]:
    """Those who waited for this one alone."""
    for other in needed_by.pop(index, ()):
        left[other].discard(index)
        if not left[other]:
            yield other
