"""The names by which entries refer to each other, and how they become references to what is stored.

https://hl7.org/fhir/R4/http.html#trules, https://hl7.org/fhir/R4/bundle.html#references
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from operator import is_not
from typing import Any, Final
from uuid import uuid4
from xml.sax.saxutils import escape

from app.fhir.resource_types import RESOURCE_TYPES
from app.fhir.types import Type, table

# Elements of these types are rewritten when they hold a fullUrl; canonicals and plain strings never are.
_ADDRESSES: Final = frozenset({"uri", "url", "oid", "uuid"})
_LINK: Final = re.compile(r"""(\s(?:href|src)\s*=\s*)("[^"<]*"|'[^'<]*')""")
_CONDITIONAL: Final = re.compile(r"([A-Z][A-Za-z]{1,63})\?.*", re.DOTALL)
_RESTFUL: Final = re.compile(r"(https?://.+)/([A-Z][A-Za-z]{1,63})/([A-Za-z0-9\-.]{1,64})")
_LEAVES: Final = ("reference", "address", "xhtml")
_LOCAL: Final = ("urn:uuid:", "urn:oid:")


@dataclass(frozen=True, slots=True)
class FullUrl:
    """A fullUrl in the form of a RESTful address: its root, type and id."""

    root: str
    type: str
    id: str


def full_url(text: str) -> FullUrl | None:
    """The parts of a RESTful fullUrl; None for others, such as urn:uuid."""
    found = _RESTFUL.fullmatch(text)
    return FullUrl(found[1], found[2], found[3]) if found and found[2] in RESOURCE_TYPES else None


@dataclass(slots=True)
class Names:
    """What names in a Bundle stand for, as references: `known` by fullUrl, `conditional` by Type?criteria.

    A conditional reference stands for an id that is made up, until a search has told which resource is meant.
    `unknown` collects urn: references that are nobody's.
    """

    bases: tuple[str, ...] = ()
    known: dict[str, str] = field(default_factory=dict)
    conditional: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def rewritten(self, resource: Any, root: str = "") -> Any:
        """A resource, sound or not, with references in the place of names; `root` is that of its own fullUrl."""
        return self._rewriting(root).resource(resource)

    def rewritten_operations(self, operations: Any, type_: str, root: str = "") -> Any:
        """The operations of a JSON Patch of a resource of this type, sound or not, with references in their values."""
        if not isinstance(operations, list):
            return operations
        rewriting = self._rewriting(root)
        return [rewriting.operation(each, type_) if isinstance(each, dict) else each for each in operations]

    def _rewriting(self, root: str) -> "_Rewriting":
        return _Rewriting(lambda text: self._reference(text, root), lambda text: self.known.get(text, text))

    def _reference(self, text: str, root: str) -> str:
        found = self.known.get(text) or (self.known.get(f"{root}/{text}") if root else None)
        if found:
            return found
        if text.startswith(_LOCAL):
            self.unknown.add(text)
            return text
        base = next((base for base in self.bases if base and text.startswith(f"{base}/")), "")
        asked = text.removeprefix(f"{base}/") if base else text
        conditional = _CONDITIONAL.fullmatch(asked)
        if conditional and conditional[1] in RESOURCE_TYPES:
            return self.conditional.setdefault(asked, f"{conditional[1]}/{uuid4()}")
        return text


Rename = Callable[[str], str]


def renamed(resource: Any, names: dict[str, str]) -> Any:
    """A resource in which references of one name have become those of another."""

    def rename(text: str) -> str:
        return names.get(text, text)

    return _Rewriting(rename, rename).resource(resource) if names else resource


@cache
def _steps(type_name: str) -> dict[str, str]:
    """The members of a type in which there may be names: what to do with each, or the type of which it is."""
    type_ = table(type_name)
    steps = dict.fromkeys(type_.siblings, "Element")
    for name, element in type_.elements.items():
        if not element.primitive:
            steps[name] = element.type
        elif (type_name, name) == ("Reference", "reference"):
            steps[name] = "reference"
        elif element.type in _ADDRESSES or element.type == "xhtml":
            steps[name] = "address" if element.type in _ADDRESSES else "xhtml"
    return steps


def _step(step: str, name: str) -> str | None:
    """Where a member leads from a step; None where there are no names. Of what is contained the type is not known."""
    if step == "Resource":
        return "Reference"
    return None if step in _LEAVES else _steps(step).get(name)


class _Rewriting:
    """One walk by the tables of the types: each Reference.reference, and each address, becomes what these say.

    What is walked is copied where it differs. It need not be sound: what is not as its type says is left as it is.
    """

    def __init__(self, reference: Rename, address: Rename) -> None:
        self._reference = reference
        self._address = address

    def resource(self, value: Any) -> Any:
        name = value.get("resourceType") if isinstance(value, dict) else None
        return self._members(value, table(name)) if isinstance(name, str) and name in RESOURCE_TYPES else value

    def operation(self, operation: dict[str, Any], type_name: str) -> dict[str, Any]:
        """An operation of a JSON Patch, whose value is what the path says of a resource of a type."""
        value, path = operation.get("value"), operation.get("path")
        if not isinstance(path, str) or not isinstance(value, str | dict | list):
            return operation
        step: str | None = type_name
        for part in path.split("/")[1:]:
            if step and not (part == "-" or part.isdigit()):
                step = _step(step, part)
        new = value if step is None else self._member(value, step) if path else self.resource(value)
        return {**operation, "value": new}

    def _members(self, value: dict[str, Any], type_: Type) -> dict[str, Any]:
        steps, changed = _steps(type_.name), {}
        for name, member in value.items():
            step = steps.get(name)
            if step is not None:
                new = self._member(member, step)
                if new is not member:
                    changed[name] = new
        return {**value, **changed} if changed else value

    def _member(self, member: Any, step: str) -> Any:
        match step:
            case "reference":
                return self._reference(member) if isinstance(member, str) else member
            case "address":
                return self._texts(member, self._address)
            case "xhtml":
                return self._texts(member, self._links)
            case type_name:
                return self._each(member, type_name)

    def _each(self, value: Any, type_name: str) -> Any:
        if isinstance(value, list):
            items = [self._each(item, type_name) if isinstance(item, dict) else item for item in value]
            return items if any(map(is_not, items, value)) else value
        if not isinstance(value, dict):
            return value
        return self.resource(value) if type_name == "Resource" else self._members(value, table(type_name))

    def _texts(self, value: Any, rename: Rename) -> Any:
        if isinstance(value, list):
            items = [rename(item) if isinstance(item, str) else item for item in value]
            return items if items != value else value
        return rename(value) if isinstance(value, str) else value

    def _links(self, div: str) -> str:
        """A narrative in which the links are rewritten."""
        return _LINK.sub(self._link, div)

    def _link(self, found: re.Match[str]) -> str:
        link = unescape(found[2][1:-1])
        new = self._address(link)
        return found[0] if new == link else f'{found[1]}"{escape(new)}"'
