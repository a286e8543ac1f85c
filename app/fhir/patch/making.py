"""The value of a FHIRPath Patch as the element it becomes. https://hl7.org/fhir/R4/fhirpatch.html"""

from typing import Any

from app.fhir.errors import Invalid
from app.fhir.patch.elements import Primitive, joined
from app.fhir.patch.operation import Value
from app.fhir.patch.places import Place, named
from app.fhir.types import Element


def made(place: Place, name: str, value: Value) -> tuple[Element, Any]:
    """The element of `place` that a name and the type of a value mean, and its value: a new one each time.

    Raises Invalid when there is no such element; what else is wrong with a value shows when the result is validated.
    """
    element = _element(place, name.removesuffix("[x]"), value)
    content = _content(element, value)
    if element.primitive == isinstance(content, dict):
        raise Invalid(f"{element.path} is a {element.type}.", code="value")
    if element.type == "Resource" and "resourceType" not in content:
        raise Invalid(f"{element.path} holds resources.", code="value")
    return element, content


def _element(place: Place, name: str, value: Value) -> Element:
    found = named(place, name)
    if not found:
        raise Invalid(f"there is no {name[:50]} in a {place.type}.", code="structure")
    if found[0].path == found[0].name:
        return found[0]
    chosen = f"{found[0].path}{value.type}"
    for element in named(place, found[0].path):
        if value.type and element.name == chosen:
            return element
    raise Invalid(f"{found[0].path} cannot be a {value.type or 'value without a type'}.", code="structure")


def _content(element: Element, value: Value) -> Any:
    if value.parts:
        members: dict[str, Any] = {}
        place = Place(members, element.type)
        for name, part in value.parts:
            child, content = made(place, name, part)
            if child.many:
                members.setdefault(child.name, []).append(content)
            elif child.name in members:
                raise Invalid(f"{name[:50]} is there twice.", code="structure")
            else:
                members[child.name] = content
        return members
    content = joined(value.content)
    return content if value.rest is None else Primitive(content, joined(value.rest))
