"""Result parameters: order, page size, total and how much of each match. https://hl7.org/fhir/R4/search.html#return"""

import re
from collections.abc import Collection
from functools import cache
from typing import Final, Literal, get_args

from app.fhir.definition import ResourceDefinition
from app.fhir.search.criterion import Sort
from app.fhir.search.refusal import invalid, shown, unknown
from app.fhir.types import table

Total = Literal["none", "estimate", "accurate"]
Summary = Literal["true", "text", "data", "count", "false"]

MOST_SORTS: Final = 8
MOST_ELEMENTS: Final = 100
_NUMBER: Final = re.compile(r"[0-9]{1,100}")
_ELEMENT: Final = re.compile(r"([A-Z][A-Za-z]{1,63}\.)?[A-Za-z]{1,64}")


def sorts(text: str, definition: ResourceDefinition) -> tuple[Sort, ...]:
    """`_sort`: parameter names, each descending after '-'."""
    rules = []
    for name in text.split(","):
        parameter = definition.by_name.get(name.removeprefix("-"))
        if parameter is None:
            known = ", ".join(sorted(definition.by_name))
            raise invalid("_sort", f"does not know '{shown(name)}'. {definition.type} can be sorted by: {known}.")
        rules.append(Sort(parameter, descending=name.startswith("-")))
    if len(rules) > MOST_SORTS:
        raise invalid("_sort", f"has more than {MOST_SORTS} rules.")
    return tuple(rules)


def count(text: str, most: int) -> int:
    """`_count`: matches on a page, never more than `most`."""
    if not _NUMBER.fullmatch(text):
        raise invalid("_count", "must be a whole number, 0 or more.")
    return min(int(text), most)


def total(text: str) -> Total:
    """`_total`."""
    for allowed in get_args(Total):
        if text == allowed:
            return allowed  # type: ignore[no-any-return]  # get_args forgets the literals
    raise invalid("_total", f"must be one of {', '.join(get_args(Total))}.")


def total_method(text: str) -> Total:
    """`_totalMethod`, as Aidbox has it: count is accurate."""
    if text not in ("count", "countAll"):
        raise invalid("_totalMethod", "can only be count; _total is the name that FHIR has for it.")
    return "accurate"


def only(name: str, text: str, offered: str) -> None:
    """A parameter of which one value is offered; another is one that this service does not have."""
    if text != offered:
        raise unknown(name, f"can only be {offered}: contained resources are not searched by themselves.")


def summary(text: str) -> Summary:
    """`_summary`."""
    for allowed in get_args(Summary):
        if text == allowed:
            return allowed  # type: ignore[no-any-return]  # get_args forgets the literals
    raise invalid("_summary", f"must be one of {', '.join(get_args(Summary))}.")


def elements(text: str, types: Collection[str]) -> tuple[str, ...]:
    """`_elements`: names of elements at the root of a resource, "status" for all or "Consent.status" for one type.

    `types` are those of what may be found or come along: an element that none of them has is refused.
    """
    names = tuple(text.split(","))
    if len(names) > MOST_ELEMENTS or not all(map(_ELEMENT.fullmatch, names)):
        raise invalid("_elements", "takes names of elements at the root of the resource, separated by commas.")
    for name in names:
        type_, _, element = name.rpartition(".")
        if not any(element in _roots(each) for each in types if type_ in ("", each)):
            raise invalid("_elements", f"names '{shown(name)}', which is no element of {type_ or 'any type here'}.")
    return names


@cache
def _roots(type_: str) -> frozenset[str]:
    """The names of the elements at the root of a type; choices with and without a type."""
    found = table(type_).elements
    return frozenset({"resourceType", *found, *(element.path for element in found.values())})
