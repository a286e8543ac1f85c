"""JSON schemas of the resources and their datatypes, from the tables that validation uses.

https://hl7.org/fhir/R4/json.html. What a schema cannot say (invariants, calendars, Consents that can be decided on)
is checked when a resource is written.
"""

from collections.abc import Iterable
from typing import Any

from app.fhir.types import Element, Type, table

Schema = dict[str, Any]

_DAY = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?"
_ZONE = "(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_FULL_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_LARGEST = 2_147_483_647


def _text(pattern: str, description: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$", "description": description}


def _whole(lowest: int) -> Schema:
    return {"type": "integer", "minimum": lowest, "maximum": _LARGEST}


PRIMITIVES: dict[str, Schema] = {
    "base64Binary": _text(r"[0-9A-Za-z+/=\s]+", "Bytes in base64."),
    "boolean": {"type": "boolean"},
    "canonical": _text(r"\S+", "The canonical URL of a definition, perhaps with |version."),
    "code": _text(r"\S+( \S+)*", "A code of a code system."),
    "date": _text(_DAY, "A year, month or day."),
    "dateTime": _text(f"({_DAY}|{_FULL_DAY}T{_CLOCK}{_ZONE})", "A year, month, day, or a moment with its time zone."),
    "decimal": {"type": "number", "description": "Digits are kept as written: 1.50 stays 1.50."},
    "id": _text(r"[A-Za-z0-9\-.]{1,64}", "An id."),
    "instant": _text(f"{_FULL_DAY}T{_CLOCK}{_ZONE}", "A moment with its time zone."),
    "integer": _whole(-_LARGEST - 1),
    "markdown": {"type": "string", "minLength": 1},
    "oid": _text(r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+", "An OID."),
    "positiveInt": _whole(1),
    "string": {"type": "string", "minLength": 1},
    "time": _text(_CLOCK, "A time of day."),
    "unsignedInt": _whole(0),
    "uri": _text(r"\S+", "A URI."),
    "url": _text(r"\S+", "A URL."),
    "uuid": _text("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "A UUID."),
    "xhtml": {"type": "string", "minLength": 1, "description": "A div of XHTML without anything active."},
}
RESOURCE: Schema = {
    "type": "object",
    "description": "A resource of any type.",
    "properties": {"resourceType": {"type": "string"}, "id": {"$ref": "#/components/schemas/id"}},
    "required": ["resourceType"],
    "additionalProperties": True,
}
ELEMENT: Schema = {
    "type": "object",
    "description": "The id and extensions of a primitive element, beside its value.",
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "extension": {"type": "array", "items": {"$ref": "#/components/schemas/Extension"}, "minItems": 1},
    },
    "additionalProperties": False,
}


def ref(name: str) -> Schema:
    """A reference to a component schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def schemas(roots: Iterable[str]) -> dict[str, Schema]:
    """The schemas of these types and of every type they reach, by name, in alphabetical order."""
    found: dict[str, Schema] = {"Resource": RESOURCE, "Element": ELEMENT}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        if name in PRIMITIVES:
            found[name] = PRIMITIVES[name]
            continue
        of = table(name)
        found[name] = _object(of)
        waiting += [element.type for element in of.elements.values()]
    return dict(sorted(found.items()))


def _object(of: Type) -> Schema:
    properties: Schema = {"resourceType": {"const": of.name}} if of.is_resource else {}
    properties |= {element.name: _element(element) for element in of.elements.values()}
    # Each by its name, not by a pattern: of a pattern, generators make types that no value fits.
    properties |= {name: _beside(element) for name, element in of.siblings.items()}
    body: Schema = {"type": "object", "properties": properties}
    choices = "; ".join(", ".join(names) for names in _choices(of))
    if choices:
        body["description"] = f"At most one of each of these: {choices}."
    required = ["resourceType"] if of.is_resource else []
    required += sorted(element.name for element in of.required)
    if required:
        body["required"] = required
    return body | {"additionalProperties": False}


def _choices(of: Type) -> list[list[str]]:
    """The names of each element that may be of one of several types; an Extension's are too many to tell."""
    found = [[each.name for each in of.elements.values() if each.path == choice.path] for choice in of.choices]
    return [names for names in found if len(names) < len(of.elements) // 2]


def _element(element: Element) -> Schema:
    one: Schema = ref(element.type)
    if element.codes:
        one = {"type": "string", "enum": sorted(element.codes)}
    elif element.type == "Reference" and element.targets:
        one = one | {"description": f"To {', '.join(sorted(element.targets))}."}
    return {"type": "array", "items": one, "minItems": 1} if element.many else one


def _beside(element: Element) -> Schema:
    """The ids and extensions of a primitive element; of a repeating one a list, with null where there are none."""
    one = ref("Element")
    return {"type": "array", "items": {"anyOf": [one, {"type": "null"}]}, "minItems": 1} if element.many else one
