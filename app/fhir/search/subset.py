"""A part of a resource, for `_summary` and `_elements`. https://hl7.org/fhir/R4/search.html#summary"""

from collections.abc import Collection
from typing import Any, Final

from app.fhir.definition import ResourceDefinition
from app.fhir.search.result import Summary
from app.fhir.types import table

SUBSETTED: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
    "display": "subsetted",
}
_ALWAYS: Final = ("resourceType", "id", "meta", "implicitRules")


def subset(
    resource: dict[str, Any], definition: ResourceDefinition, summary: Summary, elements: Collection[str]
) -> dict[str, Any]:
    """The elements asked for and those FHIR requires, marked with the tag SUBSETTED so that nobody stores it back.

    `elements` wins over `summary`, which is then ignored. Where it names elements of other types alone, all are kept.
    """
    elements = _own(elements, definition.type)
    if elements == () and summary in ("false", "count"):
        return resource
    kept = _kept(resource, definition, summary, elements)
    meta = resource.get("meta", {})
    marked = {**meta, "tag": [*meta.get("tag", ()), SUBSETTED]}
    return {name: marked if name == "meta" else value for name, value in kept.items()}


def of_included(elements: Collection[str]) -> tuple[str, ...]:
    """Those that name their type: "The list of elements does not apply to included resources", unless it says so."""
    return tuple(name for name in elements if "." in name)


def _own(elements: Collection[str], type_: str) -> tuple[str, ...]:
    """The elements that are of every type or of this one."""
    split = (name.rpartition(".") for name in elements)
    return tuple(name for of, _, name in split if of in ("", type_))


def _kept(
    resource: dict[str, Any], definition: ResourceDefinition, summary: Summary, elements: Collection[str]
) -> dict[str, Any]:
    if summary == "data" and not elements:
        return {name: value for name, value in resource.items() if name != "text"}
    wanted = elements or {"text": ("text",), "true": definition.summary}.get(summary, ())
    names = {*_ALWAYS, *definition.mandatory, *wanted}
    return {name: value for name, value in resource.items() if not names.isdisjoint(_names(name, definition.type))}


def _names(member: str, type_: str) -> tuple[str, ...]:
    """The elements that a JSON member is a part of: by its name, and by its choice (deceasedBoolean: deceased)."""
    name = member.removeprefix("_")
    element = table(type_).elements.get(name)
    return (name, element.path) if element else (name,)
