"""References: where a resource has them, and what each points to. https://hl7.org/fhir/R4/references.html"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.fhir.resource_types import RESOURCE_TYPES
from app.fhir.types import Type, table

_ID = r"[A-Za-z0-9\-.]{1,64}"
_RELATIVE = re.compile(rf"([A-Z][A-Za-z]{{1,63}})/({_ID})(?:/_history/({_ID}))?")
# PDS and its sandbox, integration and other environments. A ten-digit id at any other host is that host's affair.
_PDS_PATIENT = re.compile(
    r"https://(?:[a-z0-9-]+\.)?api\.service\.nhs\.uk/personal-demographics/FHIR/R4/"
    rf"Patient/([0-9]{{10}})(?:/_history/({_ID}))?"
)

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:.")

_STRUCTURE_DEFINITION = "http://hl7.org/fhir/StructureDefinition/"


@dataclass(frozen=True, slots=True)
class Found:
    """A Reference element and where it is: the expression ends in `.reference` when that is what it holds.

    `targets` are the types that it may be to; none means any.
    """

    expression: str
    element: dict[str, Any]
    targets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Target:
    """What a literal reference names, `version` empty unless the reference is to one version."""

    type: str
    id: str
    version: str = ""


def references(resource: dict[str, Any]) -> list[Found]:
    """Every Reference of a structurally valid resource, in extensions and contained resources too, in order."""
    name = resource["resourceType"]
    return list(_within(resource, table(name), name))


def target(reference: str, bases: tuple[str, ...]) -> Target | None:
    """What `reference` names: relative, absolute under one of our `bases`, or a PDS Patient; None when elsewhere."""
    pds = _PDS_PATIENT.fullmatch(reference)
    if pds:
        return Target("Patient", pds[1], pds[2] or "")
    prefix = next((base for base in bases if base and reference.startswith(base.rstrip("/") + "/")), "")
    relative = _RELATIVE.fullmatch(reference.removeprefix(prefix.rstrip("/") + "/") if prefix else reference)
    if not relative or relative[1] not in RESOURCE_TYPES:
        return None
    return Target(relative[1], relative[2], relative[3] or "")


def is_literal(reference: str) -> bool:
    """Whether this is a reference as R4 writes them: [type]/[id], any absolute URL, or a #fragment."""
    return reference.startswith("#") or _ABSOLUTE.match(reference) is not None or target(reference, ()) is not None


def named_type(reference: str) -> str:
    """The resource type that a literal reference says it points to, "" when it does not say."""
    address = reference.partition("#")[0].partition("/_history/")[0]
    before, _, id_ = address.rpartition("/")
    base, _, type_ = before.rpartition("/")
    return type_ if type_ in RESOURCE_TYPES and id_ and (not base or "://" in base) else ""


def type_of(reference: Mapping[str, Any], contained: Mapping[str, str]) -> str:
    """The type that a Reference says it points to: by its literal, its contained resource or its type; or ""."""
    literal = reference.get("reference", "")
    local = contained.get(literal[1:], "") if literal.startswith("#") else ""
    declared = reference.get("type", "").removeprefix(_STRUCTURE_DEFINITION)
    return named_type(literal) or local or (declared if declared in RESOURCE_TYPES else "")


def contained_types(resource: dict[str, Any]) -> dict[str, str]:
    """The types of the contained resources by id, of a resource that may not be sound yet."""
    contained = resource.get("contained")
    parts = [part for part in contained if isinstance(part, dict)] if isinstance(contained, list) else []
    named = [(part.get("id"), part.get("resourceType")) for part in parts]
    return {id_: type_ for id_, type_ in named if isinstance(id_, str) and isinstance(type_, str)}


def target_faults(reference: dict[str, Any], targets: Collection[str], contained: dict[str, str]) -> Iterator[str]:
    """What is wrong with the type of thing that a Reference points to; no `targets` means that any type will do."""
    literal = type_of({"reference": reference.get("reference", "")}, contained)
    declared = type_of({"type": reference.get("type", "")}, {})
    if literal and declared and literal != declared:
        yield f"says that its type is {declared}, and refers to a {literal}"
    named = literal or declared
    if targets and named and named not in targets:
        yield f"may not refer to a {named}, only to: {', '.join(sorted(targets))}"


def _within(element: dict[str, Any], type_: Type, path: str, targets: frozenset[str] = frozenset()) -> Iterator[Found]:
    if type_.name == "Reference":
        yield Found(f"{path}.reference" if "reference" in element else path, element, targets)
    for name, value in element.items():
        member = type_.elements.get(name)
        if member is None:
            sibling = type_.siblings.get(name)
            if sibling:
                yield from _each(value, "Element", f"{path}.{sibling.path}")
        elif not member.primitive:
            yield from _each(value, member.type, f"{path}.{member.path}", member.targets)


def _each(value: Any, type_name: str, path: str, targets: frozenset[str] = frozenset()) -> Iterator[Found]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            if item is not None:
                yield from _within(item, _table(type_name, item), f"{path}[{index}]", targets)
    else:
        yield from _within(value, _table(type_name, value), path, targets)


def _table(name: str, value: dict[str, Any]) -> Type:
    return table(value["resourceType"] if name == "Resource" else name)
