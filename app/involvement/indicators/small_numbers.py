"""Small numbers are not published: nor is any number from which one could be worked out.

Every number is a sum over kinds of cases. Numbers are published in their order, each only if no few cases become a
combination of those that are published; what is left out is hidden with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from random import Random
from typing import Final, NewType, TypeVar

Name = TypeVar("Name")
Kinds = frozenset[int]
# What can be worked out from numbers that are published weighs nothing under all weights, one for each kind, under
# which these weigh nothing; and under weights drawn at random modulo a large prime, nothing else does.
Weights = NewType("Weights", list[int])
_PRIME: Final = 2**61 - 1
# So many kinds of which there are few are looked at together: two that are 2 together are 1 each.
_TOGETHER: Final = 4


def hidden(counts: Sequence[int], cells: Mapping[Name, Sequence[bool]], least: int) -> frozenset[Name]:
    """The names of the numbers that are not to be published.

    `counts` says how many cases there are of each kind, `cells` (in order of importance) for each number which kinds
    are in it. Numbers from 1 up to `least` - 1 are small; 0 is not.
    """
    numbers = {
        name: frozenset(kind for kind, (count, is_in) in enumerate(zip(counts, within, strict=True)) if count and is_in)
        for name, within in cells.items()
    }
    small = {name for name, kinds in numbers.items() if kinds and sum(counts[kind] for kind in kinds) < least}
    secrets = set(_secrets(counts, list(numbers.values()), least))
    drawn = Random(0)  # noqa: S311 - they keep nothing secret, and a report is the same each time
    weights = [Weights([drawn.randrange(_PRIME) for _ in counts]) for _ in range(len(numbers) + 1)]
    found = set(small)
    for name, kinds in numbers.items():
        if name in small or not any(_weight(one, kinds) for one in weights):
            continue
        published = _without(weights, kinds)
        if all(_weight(published[0], secret) for secret in secrets):
            weights = published
        else:
            found.add(name)
    return frozenset(found)


def _secrets(counts: Sequence[int], numbers: Sequence[Kinds], least: int) -> Iterator[Kinds]:
    """What must not be known: small numbers, small differences of numbers, few cases of one kind or of some."""
    nothing: Kinds = frozenset()
    for one in numbers:
        for other in (nothing, *numbers):
            if other < one and sum(counts[kind] for kind in one - other) < least:
                yield one - other
    few = [kind for kind, count in enumerate(counts) if 0 < count < least]
    for size in range(1, _TOGETHER + 1):
        for kinds in combinations(few, size):
            if sum(counts[kind] for kind in kinds) < least:
                yield frozenset(kinds)


def _weight(weights: Weights, kinds: Kinds) -> int:
    return sum(weights[kind] for kind in kinds) % _PRIME


def _without(weights: list[Weights], kinds: Kinds) -> list[Weights]:
    """As many weights, but for one, under which these kinds weigh nothing, and what weighed nothing still does."""
    *others, last = weights
    inverse = pow(_weight(last, kinds), -1, _PRIME)
    factors = [_weight(one, kinds) * inverse for one in others]
    return [
        Weights([(one - factor * other) % _PRIME for one, other in zip(each, last, strict=True)])
        for each, factor in zip(others, factors, strict=True)
    ]
