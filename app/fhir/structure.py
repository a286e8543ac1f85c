"""One walk over a resource by the tables of its types, which finds all that is wrong with its structure and values.

https://hl7.org/fhir/R4/json.html, https://hl7.org/fhir/R4/conformance-rules.html#cardinality

The depth of the walk is bounded by that of the JSON, which `app.fhir.json` bounds.
"""

from dataclasses import dataclass
from typing import Any

from app.fhir import issues
from app.fhir.definition import Rules
from app.fhir.errors import Issue
from app.fhir.invariant import Context, Invariant, Members
from app.fhir.invariants import DOMAIN, INVARIANTS, OF_ELEMENT
from app.fhir.narrative import faults
from app.fhir.primitives import CHECKS
from app.fhir.references import contained_types, target_faults
from app.fhir.resource_types import RESOURCE_TYPES
from app.fhir.types import Element, Type, table

MAX_ISSUES = 200
_LONGEST_NAME = 64
# What a request is made of: a name, method or address that extensions alone tell asks for nothing.
_ASKING = frozenset({"ParametersParameter", "BundleEntryRequest"})


@dataclass(frozen=True, slots=True)
class Findings:
    """Every issue, in document order; `sound` when structure and values hold, whatever the invariants say."""

    issues: tuple[Issue, ...]
    sound: bool


def check(resource: Members, rules: Rules) -> Findings:
    """What is wrong with a resource whose `resourceType` is known: structure, values and invariants."""
    walk = _Walk(Context(rules, contained_types(resource)))
    name = resource["resourceType"]
    try:
        walk.members(resource, table(name), name)
    except _TooManyError:
        more = f"There may be more: only the first {MAX_ISSUES} issues are listed."
        return Findings((*walk.issues, Issue("informational", more, severity="information")), sound=False)
    return Findings(tuple(walk.issues), walk.faults == 0)


class _TooManyError(Exception):
    """There are more issues than anybody will read; the walk ends here."""


class _Walk:
    """The walk's findings so far. Methods take a JSON value, what it should be, and its FHIRPath."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.issues: list[Issue] = []
        self.faults = 0

    def fault(self, issue: Issue) -> None:
        """Something that is no invariant: what looks into this element later could not rely on it."""
        self.faults += 1
        self.add(issue)

    def add(self, issue: Issue) -> None:
        self.issues.append(issue)
        if len(self.issues) >= MAX_ISSUES:
            raise _TooManyError

    def complex(self, value: Any, type_name: str, path: str) -> None:
        if not isinstance(value, dict):
            self.fault(issues.shape(path, f"{path} must be a JSON object."))
        elif type_name == "Resource":
            self.resource(value, path)
        elif not value or (len(value) == 1 and "id" in value):
            self.fault(issues.broken(path, "ele-1", f"{path} is empty; leave it out or say something in it."))
        else:
            self.members(value, table(type_name), path)

    def resource(self, value: Members, path: str) -> None:
        name = value.get("resourceType")
        if name is None:
            self.fault(issues.missing(f"{path}.resourceType"))
        elif not isinstance(name, str) or name not in RESOURCE_TYPES:
            self.fault(issues.value(f"{path}.resourceType", "This is not the name of an R4 resource type."))
        elif table(name).open:
            self.anything(value, path)
        else:
            self.members(value, table(name), path)

    def members(self, value: Members, type_: Type, path: str) -> None:
        """Every member of an element or resource, what it lacks, and the invariants whose members are sound."""
        unsound: set[str] = set()
        for name, member in value.items():
            before = self.faults
            element = type_.elements.get(name)
            if element is not None:
                self.member(value, member, element, path)
            elif name in type_.siblings:
                self.sibling(value, member, type_.siblings[name], path)
            elif name != "resourceType" or not type_.is_resource:
                self.unknown(name, type_, path)
            if self.faults > before:
                unsound.add(name)
        self.cardinality(value, type_, path)
        if "." not in path:
            self.invariants(DOMAIN, value, unsound, path)
        self.invariants(INVARIANTS.get(type_.name, ()), value, unsound, path)

    def invariants(self, invariants: tuple[Invariant, ...], value: Members, unsound: set[str], path: str) -> None:
        for invariant in invariants:
            if unsound.isdisjoint(invariant.reads) and not invariant.holds(value, self.context):
                self.add(invariant.issue(path))

    def member(self, owner: Members, value: Any, element: Element, path: str) -> None:
        at = f"{path}.{element.path}"
        if not element.many:
            self.one(value, element, at)
        elif not isinstance(value, list):
            self.fault(issues.shape(at, f"{at} may repeat, so it must be a JSON array."))
        elif not value:
            self.fault(issues.shape(at, f"{at} is an empty array; leave it out instead."))
        elif element.primitive:
            self.primitives(owner, value, element, at)
        else:
            for index, item in enumerate(value):
                self.one(item, element, f"{at}[{index}]")

    def one(self, value: Any, element: Element, at: str) -> None:
        if value is None:
            self.fault(issues.shape(at, f"{at} is null; leave it out instead."))
        elif isinstance(value, list):
            self.fault(issues.shape(at, f"{at} may not repeat, so it must not be a JSON array."))
        elif element.primitive:
            self.primitive(value, element, at)
        else:
            before = self.faults
            self.complex(value, element.type, at)
            if self.faults == before:
                self.in_place(value, element, at)

    def in_place(self, value: Members, element: Element, at: str) -> None:
        """What depends on where a sound element stands."""
        if element.type == "Reference":
            for problem in target_faults(value, element.targets, self.context.contained):
                self.fault(issues.value(at, f"{at} {problem}."))
        invariant = OF_ELEMENT.get((element.owner, element.name))
        if invariant and not invariant.holds(value, self.context):
            self.add(invariant.issue(at))

    def primitive(self, value: Any, element: Element, at: str) -> None:
        problem = CHECKS[element.type](value)
        if problem:
            spine = "INVALID_RESOURCE_ID" if element.type == "id" else "INVALID_VALUE"
            self.fault(issues.value(at, f"{at} {problem}.", spine))
        elif element.codes and value not in element.codes:
            allowed = ", ".join(sorted(element.codes))
            self.fault(issues.value(at, f"{at} is none of the codes it may have: {allowed}."))
        elif element.type == "xhtml":
            for key, fault in faults(value):
                self.add(issues.broken(at, key, fault))

    def primitives(self, owner: Members, values: list[Any], element: Element, at: str) -> None:
        """A list of primitives; null stands for one that has extensions alone."""
        siblings = owner.get(f"_{element.name}")
        for index, item in enumerate(values):
            if item is None and isinstance(siblings, list) and index < len(siblings) and siblings[index] is not None:
                continue
            self.one(item, element, f"{at}[{index}]")

    def sibling(self, owner: Members, value: Any, element: Element, path: str) -> None:
        """The `_name` beside a primitive: its id and extensions, in a list aligned with the values when it repeats."""
        at = f"{path}.{element.path}"
        if not element.many:
            self.extended(value, at, has_value=owner.get(element.name) is not None)
            return
        values = owner.get(element.name)
        if not isinstance(value, list) or all(item is None for item in value):
            self.fault(issues.shape(at, f"_{element.name} must be a JSON array that holds an object."))
        elif isinstance(values, list) and len(values) != len(value):
            self.fault(issues.shape(at, f"{element.name} and _{element.name} must be of one length."))
        else:
            for index, item in enumerate(value):
                has_value = isinstance(values, list) and values[index] is not None
                if item is not None:
                    self.extended(item, f"{at}[{index}]", has_value=has_value)
                elif not isinstance(values, list):
                    self.fault(issues.shape(f"{at}[{index}]", f"{at}[{index}] has no value and no extension."))

    def extended(self, value: Any, at: str, *, has_value: bool) -> None:
        """The id and extensions of a primitive; an id alone is enough where there is a value."""
        if has_value and isinstance(value, dict) and value:
            self.members(value, table("Element"), at)
        else:
            self.complex(value, "Element", at)

    def cardinality(self, value: Members, type_: Type, path: str) -> None:
        for element in type_.required:
            by_extensions = f"_{element.name}" in value and type_.name not in _ASKING
            if element.name not in value and not by_extensions:
                self.fault(issues.missing(f"{path}.{element.path}"))
        for choice in type_.choices:
            present = {name.lstrip("_") for name in value.keys() & choice.names}
            at = f"{path}.{choice.path}"
            if len(present) > 1:
                names = ", ".join(sorted(present))
                self.fault(issues.shape(at, f"{at} may be there once, and is there as {names}."))
            elif choice.required and not present:
                self.fault(issues.missing(at))

    def unknown(self, name: str, type_: Type, path: str) -> None:
        if name.isidentifier() and name.isascii() and len(name) <= _LONGEST_NAME:
            self.fault(issues.unknown(f"{path}.{name}", f'{type_.name} has no element "{name}".'))
        else:
            self.fault(issues.unknown(path, f"{type_.name} has a property whose name is none of FHIR."))

    def anything(self, value: Any, path: str) -> None:
        """The rules of JSON in FHIR alone, for a type whose elements are not known here."""
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for name, member in members:
            at = f"{path}[{name}]" if isinstance(name, int) else f"{path}.{name}"
            if member is None and isinstance(value, list):
                continue
            if member is None or member in ("", [], {}):
                self.fault(issues.shape(path, f"{path} holds a null or something empty; leave it out instead."))
            elif isinstance(member, dict | list):
                self.anything(member, at)
