"""FHIRPath Patch: https://hl7.org/fhir/R4/fhirpatch.html

The package fhirpathpy evaluates all of FHIRPath to values; a patch needs the places of a few simple paths, and a limit
to what they cost (docs/decisions/0011-patch.md).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from app.fhir import structure
from app.fhir.definition import Rules
from app.fhir.errors import BadRequest, Invalid
from app.fhir.patch import MOST_OPERATIONS, Patch
from app.fhir.patch.elements import joined, split
from app.fhir.patch.making import made
from app.fhir.patch.operation import Operation, read_operation
from app.fhir.patch.places import Place, Search, named
from app.fhir.patch.steps import Member

# Structure and values of Parameters do not depend on the time.
_RULES: Final = Rules(now=datetime(1970, 1, 1, tzinfo=UTC), check_nhs_numbers=False)
_OF_THE_SERVICE: Final = frozenset({"id", "resourceType"})


def read_fhirpath_patch(parameters: Any) -> Patch:
    """The patch in a Parameters resource. Raises BadRequest with all that is wrong with it."""
    if not isinstance(parameters, dict) or parameters.get("resourceType") != "Parameters":
        raise BadRequest(
            "A FHIRPath Patch is a Parameters resource; a JSON Patch is of type application/json-patch+json.",
            code="structure",
        )
    if isinstance(parameters.get("parameter"), list) and len(parameters["parameter"]) > MOST_OPERATIONS:
        raise BadRequest(f"A patch has at most {MOST_OPERATIONS} operations.", code="too-long")
    findings = structure.check(parameters, _RULES)
    if findings.issues:
        raise BadRequest(issues=findings.issues)
    operations = [
        read_operation(parameter, f"Parameters.parameter[{index}]")
        for index, parameter in enumerate(parameters.get("parameter", ()))
    ]
    return lambda resource: _applied(operations, resource)


def _applied(operations: list[Operation], resource: dict[str, Any]) -> dict[str, Any]:
    tree = joined(resource)
    search = Search(tree)
    for operation in operations:
        try:
            _APPLY[operation.type](operation, search)
        except Invalid as problem:
            issue = problem.issues[0]
            said = f"{operation.type} at {operation.text[:200]}: {issue.diagnostics}"
            raise Invalid(said, expression=operation.at, code=issue.code) from None
    return split(tree)  # type: ignore[no-any-return]  # an object stays one


def _add(operation: Operation, search: Search) -> None:
    place = _one(search.find(operation.path))
    if operation.name in _OF_THE_SERVICE and place.parent is None:
        raise Invalid(f"{operation.name} cannot be changed.", code="business-rule")
    element, value = made(place, operation.name, operation.value)
    held = place.members
    if element.many:
        held.setdefault(element.name, []).append(value)
    elif any(other.name in held for other in named(place, element.path)):
        raise Invalid(f"{element.path} is there already: replace it.", code="conflict")
    else:
        held[element.name] = value


def _insert(operation: Operation, search: Search) -> None:
    place, name, items = _list(operation, search)
    if not 0 <= operation.index <= len(items):
        raise Invalid(f"The index is from 0 to {len(items)}.", code="value")
    items.insert(operation.index, made(place, name, operation.value)[1])
    place.members[name] = items


def _delete(operation: Operation, search: Search) -> None:
    places = search.find(operation.path)
    if not places:  # what is not there needs no deleting
        return
    place = _one(places)
    held = _parent(place).members
    if place.index is None:
        del held[place.name]
    else:
        del held[place.name][place.index]


def _replace(operation: Operation, search: Search) -> None:
    place = _one(search.find(operation.path))
    parent = _parent(place)
    element, value = made(parent, parent.elements[place.name].path, operation.value)
    if place.index is None:
        del parent.members[place.name]
        parent.members[element.name] = value
    else:
        parent.members[place.name][place.index] = value


def _move(operation: Operation, search: Search) -> None:
    _, _, items = _list(operation, search)
    for name, index in (("source", operation.source), ("destination", operation.destination)):
        if not 0 <= index < len(items):
            raise Invalid(f"The {name} is one of {len(items)} elements, counted from 0.", code="value")
    items.insert(operation.destination, items.pop(operation.source))


_APPLY: Final[dict[str, Callable[[Operation, Search], None]]] = {
    "add": _add,
    "insert": _insert,
    "delete": _delete,
    "replace": _replace,
    "move": _move,
}


def _one(places: list[Place]) -> Place:
    if not places:
        raise Invalid("there is nothing here.", code="not-found")
    if len(places) > 1:
        raise Invalid(f"{len(places)} elements are here, and a patch changes one.", code="multiple-matches")
    return places[0]


def _parent(place: Place) -> Place:
    if place.parent is None or not place.name:
        raise Invalid("the path leads to no element of the resource.", code="value")
    return place.parent


def _list(operation: Operation, search: Search) -> tuple[Place, str, list[Any]]:
    """The element that holds a list, the list's name there, and the list, which may be a new one."""
    last = operation.path[-1]
    if not isinstance(last, Member):
        raise _no_list()
    place = _one(search.find(operation.path[:-1]))
    elements = named(place, last.name)
    if not elements or not elements[0].many:
        raise _no_list()
    return place, elements[0].name, place.members.get(elements[0].name, [])


def _no_list() -> Invalid:
    return Invalid("the path does not end with the name of a list.", code="value")
