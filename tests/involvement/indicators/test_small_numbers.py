"""Small numbers are hidden, and so is what they could be worked out from."""

from itertools import combinations
from random import Random

import pytest

from app.involvement.indicators.small_numbers import hidden


def sums(*kinds):
    """Numbers of a report of three kinds: met, not met, left out."""
    met, missed, out = ([place == one for place in range(3)] for one in range(3))
    within = [a or b for a, b in zip(met, missed, strict=True)]
    return dict(zip(kinds, ([True] * 3, within, met, out), strict=True))


CELLS = sums("initial", "denominator", "numerator", "excluded")


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((20, 10, 8), set()),
        ((20, 10, 0), set()),
        ((0, 0, 0), set()),
        # Three left out: the denominator would tell it.
        ((20, 10, 3), {"denominator", "excluded"}),
        # Two missed: the numerator would tell it.
        ((20, 2, 0), {"numerator"}),
        ((2, 20, 0), {"numerator"}),
        ((2, 1, 0), {"initial", "denominator", "numerator"}),
        ((2, 1, 30), {"denominator", "numerator", "excluded"}),
    ],
)
def test_what_is_hidden(counts, expected):
    assert hidden(counts, CELLS, 5) == expected


def test_two_of_which_there_are_two_together_are_not_told_by_the_rest():
    """Five, twelve, and two more: what is hidden is never nothing, so it would be one each."""
    counts = (5, 1, 12, 1, 40)
    reasons = {f"reason-{kind}": [kind == place for place in range(5)] for kind in range(4)}
    cells = {"all": [True] * 5, "counted": [False] * 4 + [True]} | reasons
    assert hidden(counts, cells, 5) == {"reason-1", "reason-2", "reason-3"}


def test_one_publishes_everything():
    assert hidden((2, 1, 1), CELLS, 1) == frozenset()


@pytest.mark.parametrize("seed", range(40))
def test_no_small_number_is_a_sum_or_difference_of_two_that_are_told(seed):
    random = Random(seed)
    counts = [random.choice((0, 1, 2, 4, 5, 9, 30)) for _ in range(5)]
    cells = {"all": [True] * 5} | {f"c{n}": [random.random() < 0.5 for _ in counts] for n in range(6)}
    size = {name: sum(c for c, within in zip(counts, kinds, strict=True) if within) for name, kinds in cells.items()}
    told = [name for name in cells if name not in hidden(counts, cells, 5)]
    assert all(size[name] == 0 or size[name] >= 5 for name in told)
    for one, other in combinations(told, 2):
        larger, smaller = sorted((one, other), key=size.__getitem__, reverse=True)
        nested = all(a or not b for a, b in zip(cells[larger], cells[smaller], strict=True))
        assert not (nested and 0 < size[larger] - size[smaller] < 5)
