"""Where everybody stands on the social map: on circles of closeness around the patient, wide enough for the names."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, pi, sin
from typing import Final

from app.fhir.vocabulary.social_map import TIE_CLOSENESS
from app.involvement.social_map import Node

# What a mark takes with its name and the words below it, in any direction.
ROOM: Final = 150.0
_TOP: Final = -pi / 2
# How far a line to the patient should go by somebody further in.
_CLEAR: Final = pi / 20
_TRIES: Final = 4


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the picture; the patient is at 0, 0, and y goes down."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Circle:
    """One circle: its title and where that stands between two marks, its radius, and where each node (by id) is."""

    title: str
    title_at: Point
    radius: float
    points: dict[str, Point]


def circles(nodes: Sequence[Node]) -> list[Circle]:
    """The circles from the inside out. Groups stand together, and nobody before somebody else."""
    found: list[Circle] = []
    taken: list[float] = []
    radius = 0.0
    for code in (*TIE_CLOSENESS.codes, ""):
        there = sorted((node for node in nodes if node.closeness == code), key=lambda node: (node.group, node.label))
        if not code and not there:
            continue
        radius = max(radius + ROOM, _needed(len(there)))
        step = 2 * pi / max(len(there), 1)
        turn = _turn(step, taken)
        free = max(step - 2 * asin(min(ROOM / (2 * radius), 1.0)), 0.0) / 2
        angles = [_aside(turn + step * number, taken, free) for number in range(len(there))]
        taken = sorted([*taken, *(angle % (2 * pi) for angle in angles)])
        found.append(
            Circle(
                TIE_CLOSENESS.by_code[code].display if code else "Not placed",
                _at(radius, min(_between(angles), key=_from_top, default=_TOP)),
                radius,
                {node.id: _at(radius, angle) for node, angle in zip(there, angles, strict=True)},
            )
        )
    return found


def _needed(count: int) -> float:
    """The radius at which so many marks are as far from each other as they need."""
    return ROOM / (2 * sin(pi / count)) if count > 1 else 0.0


def _turn(step: float, taken: Sequence[float]) -> float:
    """Where to begin with marks that are a `step` apart, so that each is far from the directions already taken."""
    rests = sorted(angle % step for angle in taken)
    if not rests:
        return _TOP + step / 2
    gaps = [(after - before, before) for before, after in pairwise([*rests, rests[0] + step])]
    widest, begins = max(gaps)
    return begins + widest / 2


def _aside(angle: float, taken: Sequence[float], free: float) -> float:
    """The direction nearest to this one, within what is `free` on both sides, in which nobody stands further in."""

    def room(turn: float) -> float:
        place = bisect(taken, (angle + turn) % (2 * pi))
        nearest = (taken[place - 1], taken[place % len(taken)]) if taken else ()
        return min((_apart(angle + turn, other) for other in nearest), default=pi)

    turns = sorted((free * number / _TRIES for number in range(-_TRIES, _TRIES + 1)), key=abs)
    clear = next((turn for turn in turns if room(turn) >= _CLEAR), None)
    return angle + (max(turns, key=room) if clear is None else clear)


def _between(angles: Sequence[float]) -> Iterator[float]:
    """The middle between each two neighbours."""
    for one, next_ in pairwise([*angles, *(angle + 2 * pi for angle in angles[:1])]):
        yield (one + next_) / 2


def _from_top(angle: float) -> float:
    return _apart(angle, _TOP)


def _apart(one: float, other: float) -> float:
    """How far two directions are from each other, either way round."""
    return abs((one - other + pi) % (2 * pi) - pi)


def _at(radius: float, angle: float) -> Point:
    return Point(radius * cos(angle), radius * sin(angle))
