"""Simple paths into a resource: the names of members, separated by dots. https://hl7.org/fhir/R4/fhirpath.html

`provision*` are the provisions of an element and all those nested in them, `extension:role-period` the extensions of
one of the product's own names.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from app.fhir.canonical import extension


def walk(resource: dict[str, Any], path: str) -> Iterator[Any]:
    """The elements at a path such as "participant.actor", in order; those of lists one by one."""
    steps = _steps(path)
    if _member(steps[0]) in resource:  # most paths are about elements that a resource does not have
        yield from _walk(resource, steps)


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def _walk(node: Any, steps: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item, steps)
    elif not steps:
        if node is not None:  # null holds a place in a list of primitives that has an extension there
            yield node
    elif isinstance(node, dict):
        yield from _below(node, steps)


def _below(node: dict[str, Any], steps: tuple[str, ...]) -> Iterator[Any]:
    step, name = steps[0], _member(steps[0])
    found = node.get(name)
    if step.endswith("*"):
        for inner in found if isinstance(found, list) else [found]:
            yield from _walk(inner, steps[1:])
            yield from _walk(inner, steps)
    elif ":" in step:
        url = extension(step.partition(":")[2])
        for item in found or ():
            if isinstance(item, dict) and item.get("url") == url:
                yield from _walk(item, steps[1:])
    else:
        yield from _walk(found, steps[1:])


@cache
def _member(step: str) -> str:
    return step.rstrip("*").partition(":")[0]
