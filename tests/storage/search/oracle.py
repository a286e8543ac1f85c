"""Search once more, slowly: plain Python over the resources themselves, sharing nothing with the code under test.

A question is data: what is asked can be written as search parameters, and judged resource by resource.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.storage.search.oracle_times import compares, span

Resource = dict[str, Any]
# Of each type and parameter: what kind it is, and the way to its elements.
PARAMETERS: dict[str, dict[str, tuple[str, str]]] = {
    "Patient": {
        "gender": ("token", "gender"),
        "active": ("token", "active"),
        "identifier": ("token", "identifier"),
        "_tag": ("token", "meta.tag"),
        "family": ("string", "name.family"),
        "birthdate": ("date", "birthDate"),
        "_profile": ("uri", "meta.profile"),
        "general-practitioner": ("reference", "generalPractitioner"),
        "organization": ("reference", "managingOrganization"),
    },
    "RelatedPerson": {
        "gender": ("token", "gender"),
        "relationship": ("token", "relationship"),
        "_tag": ("token", "meta.tag"),
        "patient": ("reference", "patient"),
    },
    "Consent": {
        "status": ("token", "status"),
        "category": ("token", "category"),
        "_tag": ("token", "meta.tag"),
        "date": ("date", "dateTime"),
        "patient": ("reference", "patient"),
        "actor": ("reference", "provision.actor.reference"),
        "organization": ("reference", "organization"),
    },
    "CarePlan": {
        "status": ("token", "status"),
        "date": ("date", "period"),
        "_tag": ("token", "meta.tag"),
        "subject": ("reference", "subject"),
        "part-of": ("reference", "partOf"),
        "performer": ("reference", "activity.detail.performer"),
    },
    "Practitioner": {
        "family": ("string", "name.family"),
        "name": ("string", "name.family"),
        "_tag": ("token", "meta.tag"),
    },
    "Organization": {"name": ("string", "name"), "partof": ("reference", "partOf"), "_tag": ("token", "meta.tag")},
}
COMPARTMENT = {
    "RelatedPerson": ("patient",),
    "Consent": ("patient",),
    "CarePlan": ("patient", "performer"),
    "Patient": ("link",),
}


@dataclass(frozen=True)
class Own:
    """A parameter of the resource itself."""

    type: str
    parameter: str
    modifier: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.parameter}:{self.modifier}" if self.modifier else self.parameter

    @property
    def value(self) -> str:
        return ",".join(self.values)


@dataclass(frozen=True)
class To:
    """What it refers to; `target` '' where the type is not said."""

    type: str
    parameter: str
    target: str
    then: "Asked"

    def __str__(self) -> str:
        return f"{self.parameter}{self.target and ':' + self.target}.{self.then}"

    @property
    def value(self) -> str:
        return self.then.value


@dataclass(frozen=True)
class From:
    """What refers to it."""

    type: str
    source: str
    parameter: str
    then: "Asked"

    def __str__(self) -> str:
        return f"_has:{self.source}:{self.parameter}:{self.then}"

    @property
    def value(self) -> str:
        return self.then.value


Asked = Own | To | From


class World:
    """Resources by name, in the order in which they were stored."""

    def __init__(self, resources: list[Resource]) -> None:
        self.resources = {f"{each['resourceType']}/{each['id']}": each for each in resources}

    def of(self, type_: str) -> list[Resource]:
        return [each for each in self.resources.values() if each["resourceType"] == type_]

    def meets(self, resource: Resource, asked: Asked) -> bool:
        match asked:
            case To(_, parameter, target, then):
                there = [self.resources[name] for name in references(resource, parameter) if name in self.resources]
                ends = [each for each in there if target in ("", each["resourceType"])]
                return any(self.meets(end, then) for end in ends if _has(end, then))
            case From(_, source, parameter, then):
                name = f"{resource['resourceType']}/{resource['id']}"
                referring = [each for each in self.of(source) if name in references(each, parameter)]
                return any(self.meets(each, then) for each in referring)
            case Own():
                return _own(resource, asked)

    def included(self, start: list[Resource], forward: list[Any], backward: list[Any]) -> set[str]:
        """The names of what comes along: each include is (type, parameter, target, whether it iterates)."""
        seen = {_name(each) for each in start}
        found: set[str] = set()
        last, first = list(start), True
        while last:
            new: set[str] = set()
            for type_, parameter, target, iterates in forward:
                if first or iterates:
                    for each in (each for each in last if each["resourceType"] == type_):
                        new |= {name for name in references(each, parameter) if target in ("", name.split("/")[0])}
            for type_, parameter, target, iterates in backward:
                if first or iterates:
                    ends = {_name(each) for each in last if target in ("", each["resourceType"])}
                    new |= {_name(each) for each in self.of(type_) if ends & set(references(each, parameter))}
            new = {name for name in new if name in self.resources} - seen
            seen |= new
            found |= new
            last, first = [self.resources[name] for name in new], False
        return found

    def compartment(self, patient: str, type_: str) -> list[Resource]:
        name = f"Patient/{patient}"
        return [
            each
            for each in self.of(type_)
            if (type_ == "Patient" and each["id"] == patient)
            or any(name in references(each, _aliased(type_, parameter)) for parameter in COMPARTMENT[type_])
        ]

    def ordered(self, resources: list[Resource], rules: list[tuple[str, bool]]) -> list[Resource]:
        """Sorted by (parameter, descending); without a value last, ties as stored (backwards as the first rule)."""
        place = {name: number for number, name in enumerate(self.resources)}
        found = sorted(resources, key=lambda each: place[_name(each)], reverse=bool(rules) and rules[0][1])
        for parameter, descending in reversed(rules):
            valued = [each for each in found if _sort_value(each, parameter, descending) is not None]
            valued.sort(key=lambda each: _sort_value(each, parameter, descending), reverse=descending)
            # A stable sort backwards keeps the order of ties, which is what is wanted.
            found = valued + [each for each in found if _sort_value(each, parameter, descending) is None]
        return found


def references(resource: Resource, parameter: str) -> list[str]:
    if parameter == "link":
        return []
    _, path = PARAMETERS[resource["resourceType"]][parameter]
    return [element["reference"] for element in _elements(resource, path) if "reference" in element]


def _aliased(type_: str, parameter: str) -> str:
    return "subject" if (type_, parameter) == ("CarePlan", "patient") else parameter


def _has(resource: Resource, asked: Asked) -> bool:
    """Whether a type has what a chain goes on with."""
    return asked.type == resource["resourceType"] or (
        isinstance(asked, Own | To) and asked.parameter in PARAMETERS[resource["resourceType"]]
    )


def _name(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def _elements(resource: Any, path: str) -> Iterator[Any]:
    nodes = [resource]
    for step in path.split("."):
        nodes = [item for node in nodes for item in _list(node.get(step))]
    yield from nodes


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _own(resource: Resource, asked: Own) -> bool:
    kind, path = PARAMETERS[resource["resourceType"]].get(asked.parameter, ("id", ""))
    elements = list(_elements(resource, path)) if path else []
    if asked.modifier == "missing":
        return (not elements) == (asked.values == ("true",))
    found = any(_matches(kind, asked, element, value) for element in elements for value in asked.values)
    if kind == "id":
        found = resource["id"] in asked.values
    return found != (asked.modifier in ("not", "not-in"))


def _matches(kind: str, asked: Own, element: Any, value: str) -> bool:
    match kind:
        case "token":
            return any(_is_code(code, asked, element, value) for code in _codes(element))
        case "string":
            return {
                "": any(text.startswith(value.lower()) for text in _beginnings(asked, element.lower())),
                "exact": element == value,
                "contains": value.lower() in element.lower(),
            }[asked.modifier]
        case "uri":
            if asked.modifier == "below":
                return bool(element == value or element.startswith(f"{value.rstrip('/')}/"))
            if asked.modifier == "above":
                return bool(element == value or value.startswith(element if element.endswith("/") else f"{element}/"))
            return bool(element == value)
        case "reference":
            return bool(element.get("reference") == (f"{asked.modifier}/{value}" if asked.modifier else value))
        case _:
            return compares(value, span(element))


def _beginnings(asked: Own, text: str) -> list[str]:
    """Where a text may begin to match: of people, at any word of their names."""
    words = text.split(" ")
    starts = len(words) if asked.type in ("Patient", "Practitioner") else 1
    return [" ".join(words[start:]) for start in range(starts)]


def _codes(element: Any) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(system, code, types) of each code in an element."""
    if isinstance(element, bool | str):
        return [("", str(element).lower() if isinstance(element, bool) else element, [])]
    if "value" in element:
        types = [(each["system"], each["code"]) for each in element.get("type", {}).get("coding", [])]
        return [(element.get("system", ""), element["value"], types)]
    codings = element.get("coding", [element] if "code" in element else [])
    return [(each.get("system", ""), each["code"], []) for each in codings]


def _is_code(code: tuple[str, str, list[tuple[str, str]]], asked: Own, element: Any, value: str) -> bool:
    if asked.modifier == "of-type":
        system, type_, text = value.split("|")
        return (system, type_) in code[2] and code[1] == text
    system, bar, text = value.rpartition("|")
    plain = isinstance(element, str | bool)  # a code whose system the definition implies
    right_system = not bar or plain or code[0] == system
    return right_system and (not text or code[1] == text)


def _sort_value(resource: Resource, parameter: str, descending: bool) -> Any:
    if parameter == "_id":
        return resource["id"]
    kind, path = PARAMETERS[resource["resourceType"]][parameter]
    values: list[Any] = []
    for element in _elements(resource, path):
        match kind:
            case "token":
                values += [code for _, code, _ in _codes(element)]
            case "string":
                values.append(element.lower())
            case "reference":
                values.append(element["reference"].split("/")[1])
            case "date":
                values.append(span(element)[1 if descending else 0])
            case _:
                values.append(element)
    return (max if descending else min)(values) if values else None
