"""Simple paths into a resource: the names of members, separated by dots. https://hl7.org/fhir/R4/fhirpath.html

`provision*` are the provisions of an element and all those nested in them, `extension:role-period` the extensions of
one of the product's own names.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from app.fhir.canonical import extension


@dataclass(frozen=True, slots=True)
class _Step:
    """One step: a member's name, whether it nests, and the address that its extensions must have ('' for any)."""

    name: str
    nests: bool
    url: str


def walk(resource: dict[str, Any], path: str) -> list[Any]:
    """The elements at a path such as "participant.actor", in order; those of lists one by one."""
    found: list[Any] = []
    steps = _steps(path)
    if steps[0].name in resource:  # most paths are about elements that a resource does not have
        _collect(resource, steps, 0, found)
    return found


@cache
def _steps(path: str) -> tuple[_Step, ...]:
    return tuple(_step(text) for text in path.split("."))


def _step(text: str) -> _Step:
    name, colon, own = text.rstrip("*").partition(":")
    return _Step(name, text.endswith("*"), extension(own) if colon else "")


def _collect(node: Any, steps: tuple[_Step, ...], at: int, found: list[Any]) -> None:
    """Adds what the steps from `at` on lead to; a list that is filled costs half of what nested generators do."""
    if isinstance(node, list):
        for item in node:
            _collect(item, steps, at, found)
    elif at == len(steps):
        if node is not None:  # null holds a place in a list of primitives that has an extension there
            found.append(node)
    elif isinstance(node, dict):
        _below(node, steps, at, found)


def _below(node: dict[str, Any], steps: tuple[_Step, ...], at: int, found: list[Any]) -> None:
    step = steps[at]
    value = node.get(step.name)
    if value is None:
        return
    if step.nests:
        for inner in value if isinstance(value, list) else [value]:
            _collect(inner, steps, at + 1, found)
            _collect(inner, steps, at, found)
    elif step.url:
        for item in value:
            if isinstance(item, dict) and item.get("url") == step.url:
                _collect(item, steps, at + 1, found)
    else:
        _collect(value, steps, at + 1, found)
