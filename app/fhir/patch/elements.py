"""Primitive elements with an id or extensions as one thing, while a patch looks for them and moves them.

FHIR's JSON splits such an element in two members, birthDate and _birthDate: https://hl7.org/fhir/R4/json.html#primitive
"""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any


@dataclass(slots=True)
class Primitive:
    """The value, None when there is none, and the object that holds id and extensions."""

    value: Any
    rest: dict[str, Any]


def joined(value: Any) -> Any:
    """The value with its split elements joined."""
    if isinstance(value, list):
        return [joined(item) for item in value]
    if not isinstance(value, dict):
        return value
    members = {name: joined(member) for name, member in value.items() if not _is_rest(name, value)}
    for name, rest in value.items():
        if _is_rest(name, value):
            members[name[1:]] = _together(value.get(name[1:]), joined(rest))
    return members


def split(value: Any) -> Any:
    """The value as FHIR's JSON has it, without what is empty."""
    if isinstance(value, list):
        return [item for item in map(split, value) if not _is_empty(item)]
    if not isinstance(value, dict):
        return value
    members: dict[str, Any] = {}
    for name, member in value.items():
        if isinstance(member, list) and any(isinstance(item, Primitive) for item in member):
            _apart_each(name, member, members)
        elif isinstance(member, Primitive):
            _apart(name, member, members)
        else:
            members[name] = split(member)
    return {name: member for name, member in members.items() if not _is_empty(member)}


def _is_rest(name: str, owner: dict[str, Any]) -> bool:
    return name.startswith("_") and isinstance(owner[name], dict | list)


def _together(value: Any, rest: Any) -> Any:
    if isinstance(rest, dict):
        return Primitive(value, rest)
    values = value if isinstance(value, list) else []
    pairs = zip_longest(values, rest)
    return [each if more is None else Primitive(each, more) for each, more in pairs]


def _apart(name: str, element: Primitive, members: dict[str, Any]) -> None:
    members[name], members[f"_{name}"] = element.value, split(element.rest)


def _apart_each(name: str, elements: list[Any], members: dict[str, Any]) -> None:
    """Two arrays of the same length, with null where one has nothing: none of them is dropped, not even at the end."""
    values = [each.value if isinstance(each, Primitive) else each for each in elements]
    rests = [split(each.rest) or None if isinstance(each, Primitive) else None for each in elements]
    members[name] = values if any(value is not None for value in values) else None
    members[f"_{name}"] = rests if any(rests) else None


def _is_empty(value: Any) -> bool:
    return value is None or value in ({}, [])
