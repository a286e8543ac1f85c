"""References: where a resource has them, and what each points to. https://hl7.org/fhir/R4/references.html"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from app.fhir.resource_types import RESOURCE_TYPES

if TYPE_CHECKING:
    from app.fhir.types import Element

_ID = r"[A-Za-z0-9\-.]{1,64}"
_RELATIVE = re.compile(rf"([A-Z][A-Za-z]{{1,63}})/({_ID})(?:/_history/({_ID}))?")
# PDS and its sandbox, integration and other environments. A ten-digit id at any other host is that host's affair.
_PDS_PATIENT = re.compile(
    r"https://(?:[a-z0-9-]+\.)?api\.service\.nhs\.uk/personal-demographics/FHIR/R4/"
    rf"Patient/([0-9]{{10}})(?:/_history/({_ID}))?"
)

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:.")

# The same few references are looked at by several steps of one write, and come again with the next: how many are
# remembered, and up to how many characters of each.
_REMEMBERED: Final = 4_096
_SHORT: Final = 300

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
    name, found = resource["resourceType"], list[Found]()
    _collect(resource, name, name, found)
    return found


def target(reference: str, bases: tuple[str, ...]) -> Target | None:
    """What `reference` names: relative, absolute under one of our `bases`, or a PDS Patient; None when elsewhere."""
    return _target(reference, bases) if len(reference) <= _SHORT else _target.__wrapped__(reference, bases)


@lru_cache(_REMEMBERED)
def _target(reference: str, bases: tuple[str, ...]) -> Target | None:
    relative = _RELATIVE.fullmatch(reference)
    if not relative:
        pds = _PDS_PATIENT.fullmatch(reference)
        if pds:
            return Target("Patient", pds[1], pds[2] or "")
        prefix = next((base for base in bases if base and reference.startswith(base.rstrip("/") + "/")), "")
        relative = _RELATIVE.fullmatch(reference.removeprefix(prefix.rstrip("/") + "/")) if prefix else None
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


def _collect(
    element: dict[str, Any], type_name: str, path: str, found: list[Found], targets: frozenset[str] = frozenset()
) -> None:
    """Adds what is within an element; a list that is filled costs half of what nested generators do."""
    if type_name == "Reference":
        found.append(Found(f"{path}.reference" if "reference" in element else path, element, targets))
    members = _members(type_name)
    for name, value in element.items():
        if name not in members:
            continue
        member = members[name]
        if not isinstance(value, list):
            _collect(value, _type(member, value), f"{path}.{member.path}", found, member.targets)
            continue
        for index, item in enumerate(value):
            if item is not None:
                _collect(item, _type(member, item), f"{path}.{member.path}[{index}]", found, member.targets)


@cache
def _members(type_name: str) -> "dict[str, Element]":
    """The members of a type that are no primitives, or stand beside one, by their names in JSON."""
    # Processes that count for a report resolve references and never look for them: they need not load all types.
    from app.fhir.types import table

    type_ = table(type_name)
    siblings = {name: replace(each, type="Element") for name, each in type_.siblings.items()}
    return siblings | {name: each for name, each in type_.elements.items() if not each.primitive}


def _type(member: "Element", value: dict[str, Any]) -> str:
    return str(value["resourceType"]) if member.type == "Resource" else member.type
