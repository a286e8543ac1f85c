"""Simple paths into a resource: the names of members, separated by dots. https://hl7.org/fhir/R4/fhirpath.html"""

from collections.abc import Iterator
from functools import cache
from typing import Any


def walk(resource: dict[str, Any], path: str) -> Iterator[Any]:
    """The elements at a path such as "participant.actor", in order; those of lists one by one."""
    steps = _steps(path)
    if steps[0] in resource:  # most paths are about elements that a resource does not have
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
        yield from _walk(node.get(steps[0]), steps[1:])
