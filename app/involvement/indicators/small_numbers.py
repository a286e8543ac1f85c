"""Small numbers are not published: nor is any number from which one could be worked out.

Every number is a sum over kinds of cases. Numbers are published in their order, each only if no hidden small number
becomes a combination of those that are published; what is left out is hidden with it.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

Name = TypeVar("Name")
Vector = list[Fraction]


def hidden(counts: Sequence[int], cells: Mapping[Name, Sequence[bool]], least: int) -> frozenset[Name]:
    """The names of the numbers that are not to be published.

    `counts` says how many cases there are of each kind, `cells` (in order of importance) for each number which kinds
    are in it. Numbers from 1 up to `least` - 1 are small, as is each kind of which there are so few; 0 is not.
    """
    present = [place for place, count in enumerate(counts) if count]
    vectors = {name: [Fraction(1 if within[place] else 0) for place in present] for name, within in cells.items()}
    sizes = {name: sum(count for count, within in zip(counts, cells[name], strict=True) if within) for name in cells}
    secrets = _secrets([counts[place] for place in present], vectors, sizes, least)
    found = set()
    for name, vector in vectors.items():
        if 0 < sizes[name] < least:
            found.add(name)
            continue
        known = vector
        if not any(known):
            continue
        # `secrets` and numbers are kept without what is known of them: what is left of a published one is nothing.
        pivot = next(place for place, value in enumerate(known) if value)
        if any(_is_multiple(secret, known) for secret in secrets):
            found.add(name)
            continue
        secrets = [_without(secret, known, pivot) for secret in secrets]
        for other, rest in vectors.items():
            if other is not name:
                vectors[other] = _without(rest, known, pivot)
    return frozenset(found)


def _secrets(
    counts: Sequence[int], vectors: Mapping[Name, Vector], sizes: Mapping[Name, int], least: int
) -> list[Vector]:
    """What must not be known: small numbers, small differences of numbers, kinds of which there are few."""
    width = len(counts)
    found = {tuple(vector) for name, vector in vectors.items() if 0 < sizes[name] < least}
    kinds = (place for place, count in enumerate(counts) if count < least)
    found |= {tuple(Fraction(1 if place == other else 0) for other in range(width)) for place in kinds}
    for one, larger in vectors.items():
        for other, smaller in vectors.items():
            if 0 < sizes[one] - sizes[other] < least and all(a >= b for a, b in zip(larger, smaller, strict=True)):
                found.add(tuple(a - b for a, b in zip(larger, smaller, strict=True)))
    return [list(vector) for vector in sorted(found)]


def _is_multiple(secret: Vector, vector: Vector) -> bool:
    """Whether a secret is known as soon as the number is; one that is nothing already was known before."""
    pivot = next(place for place, value in enumerate(vector) if value)
    return any(secret) and not any(_without(secret, vector, pivot))


def _without(vector: Vector, known: Vector, pivot: int) -> Vector:
    factor = vector[pivot] / known[pivot]
    if not factor:
        return vector
    return [a - factor * b for a, b in zip(vector, known, strict=True)]
