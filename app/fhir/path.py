"""Simple paths into a resource: the names of members, separated by dots. https://hl7.org/fhir/R4/fhirpath.html"""

from collections.abc import Iterator
from typing import Any


def walk(node: Any, path: str) -> Iterator[Any]:
    """The elements at a path such as "participant.actor", in order; those of lists one by one."""
    yield from _walk(node, path.split("."))


def _walk(node: Any, steps: list[str]) -> Iterator[Any]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item, steps)
    elif not steps:
        if node is not None:  # null holds a place in a list of primitives that has an extension there
            yield node
    elif isinstance(node, dict):
        yield from _walk(node.get(steps[0]), steps[1:])
