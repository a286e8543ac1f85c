"""Quantity parameters: a number and its unit, 5.4|http://unitsofmeasure.org|mg. Units are compared, not converted.

https://hl7.org/fhir/R4/search.html#quantity
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any, Final

from app.fhir.definition import SearchParameter
from app.fhir.path import walk
from app.fhir.search import composite, number, token
from app.fhir.search.escape import split, unescape
from app.fhir.search.length import short
from app.fhir.search.number import Amount

Key = tuple[Decimal, Decimal, str, str, str]

_PARTS: Final = 3


def keys(element: Any, parameter: SearchParameter) -> Iterator[Key]:
    """(low, high, system, code, '') of a number, Quantity or Range, by the code of its unit and by its name.

    Of a composite each with the first half in every spelling in the last place.
    """
    if parameter.form != "composite":
        yield from _keys(element)
    elif isinstance(element, Mapping):
        first, second = parameter.parts
        amounts = [key for path in second for one in walk(dict(element), path) for key in _keys(one)]
        parts = composite.spellings(element, first, parameter)
        yield from ((*amount[:-1], short(part)) for part, amount in product(parts, amounts))


def parse(text: str, parameter: SearchParameter) -> tuple[Amount, ...]:
    """One still escaped alternative: number, number|system|code or number||code. ValueError says what is wrong."""
    if parameter.form != "composite":
        return (_amount(text),)
    code, *amounts = split(text, "$")
    if len(amounts) != 1:
        raise ValueError(r"is code$number or code$number|system|unit; write \$ where it is part of either.")
    amount = _amount(amounts[0])
    return tuple(replace(amount, part=short(part)) for part in composite.spelt(code, parameter))


def _keys(element: Any) -> Iterator[Key]:
    covered = number.span(element)
    if covered is None:
        return
    units = {("", "")}
    for quantity in (element, element.get("low"), element.get("high")) if isinstance(element, Mapping) else ():
        if isinstance(quantity, Mapping):
            system, code, unit = (_text(quantity.get(name)) for name in ("system", "code", "unit"))
            units |= {(token.normal_system(system), short(code)), ("", short(unit))}
    yield from ((*covered, system, code, "") for system, code in sorted(units) if code or units == {("", "")})


def _amount(text: str) -> Amount:
    value, *unit = [unescape(part) for part in split(text, "|")]
    amount = number.parse(value)
    if not unit:
        return amount
    if len(unit) != _PARTS - 1 or not unit[1]:
        raise ValueError("takes a number, number|system|code, or number||unit.")
    system, code = unit
    return replace(amount, system=token.normal_system(system) if system else None, code=short(code))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
