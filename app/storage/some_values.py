"""Statements that take some of the values by which a longer one is numbered: what a write does not bring is left out.

To set up a part of a statement costs PostgreSQL as much as to run it, also where it finds nothing to do.
"""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

_PARAMETER: Final = re.compile(r"\$(\d+)")


class Statement(NamedTuple):
    """The text of a statement, and at which places of all values its own are."""

    text: str
    places: tuple[int, ...]

    def of(self, values: Sequence[Any]) -> list[Any]:
        """Its own of all values."""
        return [values[place] for place in self.places]


def numbered(text: str) -> Statement:
    """The statement of a text whose parameters have the numbers that they have among all values."""
    numbers = sorted({int(number) for number in _PARAMETER.findall(text)})
    own = {number: place for place, number in enumerate(numbers, 1)}
    return Statement(
        _PARAMETER.sub(lambda found: f"${own[int(found[1])]}", text), tuple(number - 1 for number in numbers)
    )
