"""A part of a resource, for `_summary` and `_elements`. https://hl7.org/fhir/R4/search.html#summary"""

from collections.abc import Collection
from typing import Any, Final

from app.fhir.definition import ResourceDefinition
from app.fhir.search.result import Summary

SUBSETTED: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
    "display": "subsetted",
}
_ALWAYS: Final = ("resourceType", "id", "meta", "implicitRules")
# The types of choice elements such as deceased[x] in the resources this service stores.
_CHOICE_TYPES: Final = frozenset({"Boolean", "DateTime", "Integer", "Attachment", "Reference"})


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
    names = (*_ALWAYS, *definition.mandatory, *wanted)
    return {name: value for name, value in resource.items() if any(_is(name, element) for element in names)}


def _is(member: str, element: str) -> bool:
    """Whether a JSON member is this element: its value, its `_` sibling, or one type of a choice (deceasedBoolean)."""
    name = member.removeprefix("_")
    return name == element or (name.startswith(element) and name[len(element) :] in _CHOICE_TYPES)
