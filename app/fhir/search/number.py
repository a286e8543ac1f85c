"""Number parameters: what is stored is a span [low, high], a plain number one without length.

A number that is looked for has the precision it is written with: 100 is what rounds to it, [99.5, 100.5). Compared by
a prefix it is exact. https://hl7.org/fhir/R4/search.html#number
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, Final

from app.fhir.search.date import PREFIXES, Prefix

# The ends of an open range, and what lies beyond them or too near to zero is taken for them, or for zero.
GREATEST: Final = Decimal("1e300")
LEAST: Final = -GREATEST
_SMALLEST: Final = Decimal("1e-300")
_TENTH: Final = Decimal("0.1")
# More digits than a number in a body or URL may have.
_EXACTLY: Final = Context(prec=160)

Span = tuple[Decimal, Decimal]

_VALUE: Final = re.compile(r"([a-z]{2})?([+-]?[0-9]{1,50}(?:\.[0-9]{1,50})?(?:[eE][+-]?[0-9]{1,3})?)")
_BELOW: Final = ("<", "<=")
_ABOVE: Final = (">", ">=")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that is looked for: a prefix, and [low, high) for `eq` and `ne`; `exact` is the number itself.

    For a quantity `system` and `code` are those of its unit (None: any), for a composite `part` is its first half.
    """

    prefix: Prefix
    exact: Decimal
    low: Decimal
    high: Decimal
    system: str | None = None
    code: str | None = None
    part: str = ""


def span(element: Any) -> Span | None:
    """The numbers that a decimal, Quantity or Range covers; None when it has none."""
    if isinstance(element, bool):
        return None
    if isinstance(element, int | Decimal):
        number = kept(Decimal(element))
        return number, number
    if not isinstance(element, Mapping):
        return None
    if "low" in element or "high" in element:
        return _range(span(element.get("low")), span(element.get("high")))
    value, comparator = span(element.get("value")), element.get("comparator")
    if value is None or comparator not in (*_BELOW, *_ABOVE):
        return value
    return (LEAST, value[1]) if comparator in _BELOW else (value[0], GREATEST)


def keys(element: Any) -> Iterator[Span]:
    """The span of an element that has one."""
    covered = span(element)
    if covered:
        yield covered


def parse(text: str) -> Amount:
    """One alternative, such as "0.8" or "gt0.5". ValueError says what is wrong."""
    match = _VALUE.fullmatch(text)
    prefix: Prefix | None = next((each for each in PREFIXES if match and each == (match[1] or "eq")), None)
    if match is None or prefix is None:
        raise ValueError(
            f"takes a number such as 100, 5.40 or 1e2, after one of the prefixes {', '.join(PREFIXES)} or none."
        )
    exact = Decimal(match[2])
    half = _half(exact)
    if prefix == "ap":
        half = _EXACTLY.multiply(exact.copy_abs(), _TENTH)
    low, high = _EXACTLY.subtract(exact, half), _EXACTLY.add(exact, half)
    return Amount(prefix, kept(exact), kept(low), kept(high))


def kept(number: Decimal) -> Decimal:
    """The number as it is stored and compared, within what PostgreSQL can hold and index."""
    if not number.is_finite() or number.copy_abs() < _SMALLEST:
        return Decimal(0)
    return _EXACTLY.plus(max(LEAST, min(GREATEST, number)))


def _half(number: Decimal) -> Decimal:
    """Half of the last digit's worth; of 1e2 it is 5, as in R4's own example ([95, 105))."""
    exponent = int(number.as_tuple().exponent)
    return Decimal((0, (5,), exponent - 1 if exponent <= 0 else exponent - 2))


def _range(low: Span | None, high: Span | None) -> Span | None:
    if low is None and high is None:
        return None
    return low[0] if low else LEAST, high[1] if high else GREATEST
