"""One walk over a resource by the tables of its types, which finds all that is wrong with its structure and values.

https://hl7.org/fhir/R4/json.html, https://hl7.org/fhir/R4/conformance-rules.html#cardinality

The depth of the walk is bounded by that of the JSON, which `app.fhir.json` bounds.
"""

from typing import Any

from app.fhir import issues
from app.fhir.definition import Rules
from app.fhir.errors import Issue
from app.fhir.invariant import Context, Invariant, Members
from app.fhir.invariants import DOMAIN, INVARIANTS, OF_ELEMENT
from app.fhir.narrative import faults
from app.fhir.primitives import CHECKS
from app.fhir.references import named_type, type_of
from app.fhir.resource_types import RESOURCE_TYPES
from app.fhir.types import Element, Type, table

_LONGEST_NAME = 64


def check(resource: dict[str, Any], rules: Rules) -> list[Issue]:
    """Every issue of a resource whose `resourceType` is known: structure, values and invariants, in document order."""
    walk = _Walk(Context(rules, _contained(resource)))
    name = resource["resourceType"]
    walk.members(resource, table(name), name)
    return walk.issues


class _Walk:
    """The walk's findings so far. Methods take a JSON value, what it should be, and its FHIRPath."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.issues: list[Issue] = []

    def complex(self, value: Any, type_name: str, path: str) -> None:
        if not isinstance(value, dict):
            self.issues.append(issues.shape(path, f"{path} must be a JSON object."))
        elif type_name == "Resource":
            self.resource(value, path)
        elif not value or (len(value) == 1 and "id" in value):
            self.issues.append(issues.broken(path, "ele-1", f"{path} is empty; leave it out or say something in it."))
        else:
            self.members(value, table(type_name), path)

    def resource(self, value: dict[str, Any], path: str) -> None:
        name = value.get("resourceType")
        if name is None:
            self.issues.append(issues.missing(f"{path}.resourceType"))
        elif not isinstance(name, str) or name not in RESOURCE_TYPES:
            self.issues.append(issues.value(f"{path}.resourceType", "This is not the name of an R4 resource type."))
        elif table(name).open:
            self.anything(value, path)
        else:
            self.members(value, table(name), path)

    def members(self, value: dict[str, Any], type_: Type, path: str) -> None:
        """Every member of an element or resource, what it lacks, and the invariants whose members are sound."""
        unsound: set[str] = set()
        for name, member in value.items():
            before = len(self.issues)
            element = type_.elements.get(name)
            if element is not None:
                self.member(value, member, element, path)
            elif name in type_.siblings:
                self.sibling(value, member, type_.siblings[name], path)
            elif name != "resourceType" or not type_.is_resource:
                self.unknown(name, type_, path)
            if len(self.issues) > before:
                unsound.add(name)
        self.cardinality(value, type_, path)
        if type_.is_resource:
            self.invariants(DOMAIN, value, unsound, path)
        self.invariants(INVARIANTS.get(type_.name, ()), value, unsound, path)

    def invariants(self, invariants: tuple[Invariant, ...], value: Members, unsound: set[str], path: str) -> None:
        for invariant in invariants:
            if unsound.isdisjoint(invariant.reads) and not invariant.holds(value, self.context):
                self.issues.append(invariant.issue(path))

    def member(self, owner: dict[str, Any], value: Any, element: Element, path: str) -> None:
        at = f"{path}.{element.path}"
        if not element.many:
            self.one(value, element, at)
        elif not isinstance(value, list):
            self.issues.append(issues.shape(at, f"{at} may repeat, so it must be a JSON array."))
        elif not value:
            self.issues.append(issues.shape(at, f"{at} is an empty array; leave it out instead."))
        elif element.primitive:
            self.primitives(owner, value, element, at)
        else:
            for index, item in enumerate(value):
                self.one(item, element, f"{at}[{index}]")

    def one(self, value: Any, element: Element, at: str) -> None:
        if value is None:
            self.issues.append(issues.shape(at, f"{at} is null; leave it out instead."))
        elif isinstance(value, list):
            self.issues.append(issues.shape(at, f"{at} may not repeat, so it must not be a JSON array."))
        elif element.primitive:
            self.primitive(value, element, at)
        else:
            before = len(self.issues)
            self.complex(value, element.type, at)
            if len(self.issues) == before:
                self.sound(value, element, at)

    def sound(self, value: dict[str, Any], element: Element, at: str) -> None:
        """What depends on where a sound element stands."""
        if element.type == "Reference":
            self.target(value, element, at)
        invariant = OF_ELEMENT.get((element.owner, element.name))
        if invariant and not invariant.holds(value, self.context):
            self.issues.append(invariant.issue(at))

    def target(self, reference: Members, element: Element, at: str) -> None:
        literal = named_type(reference.get("reference", ""))
        declared = type_of({"type": reference.get("type", "")}, {})
        if literal and declared and literal != declared:
            self.issues.append(issues.value(at, f"{at} says its type is {declared} and refers to a {literal}."))
        named = type_of(reference, self.context.contained)
        if element.targets and named and named not in element.targets:
            allowed = ", ".join(sorted(element.targets))
            self.issues.append(issues.value(at, f"{at} may not refer to a {named}, only to: {allowed}."))

    def primitive(self, value: Any, element: Element, at: str) -> None:
        problem = CHECKS[element.type](value)
        if problem:
            spine = "INVALID_RESOURCE_ID" if element.type == "id" else "INVALID_VALUE"
            self.issues.append(issues.value(at, f"{at} {problem}.", spine))
        elif element.codes and value not in element.codes:
            allowed = ", ".join(sorted(element.codes))
            self.issues.append(issues.value(at, f"{at} is none of the codes it may have: {allowed}."))
        elif element.type == "xhtml":
            self.issues.extend(issues.broken(at, key, fault) for key, fault in faults(value))

    def primitives(self, owner: dict[str, Any], values: list[Any], element: Element, at: str) -> None:
        """A list of primitives; null stands for one that has extensions alone."""
        siblings = owner.get(f"_{element.name}")
        for index, item in enumerate(values):
            if item is None and isinstance(siblings, list) and index < len(siblings) and siblings[index] is not None:
                continue
            self.one(item, element, f"{at}[{index}]")

    def sibling(self, owner: dict[str, Any], value: Any, element: Element, path: str) -> None:
        """The `_name` beside a primitive: its id and extensions, in a list aligned with the values when it repeats."""
        at = f"{path}.{element.path}"
        if not element.many:
            self.complex(value, "Element", at)
            return
        values = owner.get(element.name)
        if not isinstance(value, list) or all(item is None for item in value):
            self.issues.append(issues.shape(at, f"_{element.name} must be a JSON array that holds an object."))
        elif isinstance(values, list) and len(values) != len(value):
            self.issues.append(issues.shape(at, f"{element.name} and _{element.name} must be of one length."))
        else:
            for index, item in enumerate(value):
                if item is not None:
                    self.complex(item, "Element", f"{at}[{index}]")
                elif not isinstance(values, list):
                    self.issues.append(issues.shape(f"{at}[{index}]", f"{at}[{index}] has no value and no extension."))

    def cardinality(self, value: dict[str, Any], type_: Type, path: str) -> None:
        for element in type_.required:
            if element.name not in value and f"_{element.name}" not in value:
                self.issues.append(issues.missing(f"{path}.{element.path}"))
        for choice in type_.choices:
            present = {name for name in choice.names if name in value or f"_{name}" in value}
            at = f"{path}.{choice.path}"
            if len(present) > 1:
                names = ", ".join(sorted(present))
                self.issues.append(issues.shape(at, f"{at} may be there once, and is there as {names}."))
            elif choice.required and not present:
                self.issues.append(issues.missing(at))

    def unknown(self, name: str, type_: Type, path: str) -> None:
        if name.isidentifier() and name.isascii() and len(name) <= _LONGEST_NAME:
            self.issues.append(issues.unknown(f"{path}.{name}", f'{type_.name} has no element "{name}".'))
        else:
            self.issues.append(issues.unknown(path, f"{type_.name} has a property whose name is none of FHIR."))

    def anything(self, value: Any, path: str) -> None:
        """The rules of JSON in FHIR alone, for a type whose elements are not known here."""
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for name, member in members:
            at = f"{path}[{name}]" if isinstance(name, int) else f"{path}.{name}"
            if member is None and isinstance(value, list):
                continue
            if member is None or member in ("", [], {}):
                self.issues.append(issues.shape(path, f"{path} holds a null or something empty; leave it out instead."))
            elif isinstance(member, dict | list):
                self.anything(member, at)


def _contained(resource: Members) -> dict[str, str]:
    """The types of the contained resources by id, as far as they are sound."""
    contained = resource.get("contained")
    parts = [part for part in contained if isinstance(part, dict)] if isinstance(contained, list) else []
    return {
        part["id"]: part["resourceType"]
        for part in parts
        if isinstance(part.get("id"), str) and isinstance(part.get("resourceType"), str)
    }
