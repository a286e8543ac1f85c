"""Resources that hold by the tables of their types, made at random: every element, choice and odd but valid value."""

from decimal import Decimal
from random import Random
from typing import Any

from app.fhir.types import Element, Type, table

TYPES = (
    "Patient",
    "RelatedPerson",
    "Consent",
    "CarePlan",
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "CareTeam",
    "Flag",
    "Group",
    "Task",
    "Communication",
    "QuestionnaireResponse",
    "Appointment",
    "EpisodeOfCare",
    "Encounter",
    "ServiceRequest",
    "RiskAssessment",
    "Goal",
    "CommunicationRequest",
    "AppointmentResponse",
    "List",
    "Questionnaire",
    "MeasureReport",
    "Provenance",
)
DEEPEST = 4

VALUES: dict[str, tuple[Any, ...]] = {
    "base64Binary": ("aGVsbG8=", "aGVs\nbG8=", "/+8="),
    "boolean": (True, False),
    "canonical": ("http://example.org/q|1.0", "#part", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"),
    "code": ("a", "two words", "étoile", "a/b;q=1"),
    "date": ("2020", "2020-02", "2020-02-29", "0001-01-01", "9999-12-31", "1582-10-10"),
    "dateTime": ("1999", "2020-02-29T23:59:60Z", "2020-01-01T00:00:00+14:00", "2020-01-01T00:00:00.123456789-12:00"),
    "decimal": (0, -1, Decimal("1.50"), Decimal("1E3"), Decimal("-0.000"), 12345678901234567890, Decimal("1E-400")),
    "id": ("a", "A-1.b", "x" * 64),
    "instant": ("2020-01-01T00:00:00Z", "2016-12-31T23:59:60.5Z", "0001-01-01T00:00:00+14:00"),
    "integer": (0, -2147483648, 2147483647),
    "markdown": ("# A\n\n*b*", " x "),
    "oid": ("urn:oid:1.2.3", "urn:oid:0.0"),
    "positiveInt": (1, 2147483647),
    "string": ("x", " leading", "a\tb\r\nc", "日本語 🙂", "0", "\u00a0x\u2028"),
    "time": ("00:00:00", "23:59:60", "12:30:00.123456789"),
    "unsignedInt": (0, 2147483647),
    "uri": ("urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "relative/path", "HTTP://EXAMPLE.org/É", "a:b", "%"),
    "url": ("mllp://10.1.1.1:2100", "mailto:a@example.org", "ftp://x", "//host", "#a", "http://[bad", "tel:+44"),
    "uuid": ("urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "urn:uuid:00000000-0000-0000-0000-000000000000"),
    "xhtml": ('<div xmlns="http://www.w3.org/1999/xhtml">x</div>',),
}


def resource(name: str, random: Random) -> dict[str, Any]:
    """A resource of this type, which may break invariants but holds in structure and values."""
    return {"resourceType": name, **_members(table(name), random, 0)}


def _members(type_: Type, random: Random, depth: int) -> dict[str, Any]:
    chosen = {
        choice.path: random.choice(sorted(name for name in choice.names if name[0] != "_")) for choice in type_.choices
    }
    needed = {choice.path for choice in type_.choices if choice.required}
    members: dict[str, Any] = {}
    for element in type_.elements.values():
        if element.path in chosen and chosen[element.path] != element.name:
            continue
        if element.required or element.path in needed or (depth < DEEPEST and random.random() < 0.5 / (depth + 1)):
            members.update(_member(type_, element, random, depth))
    if members.keys() <= {"id"} and not type_.is_resource:
        simple = next(element for element in type_.elements.values() if element.name != "id")
        members.update(_member(type_, simple, random, depth))
    return members


def _member(type_: Type, element: Element, random: Random, depth: int) -> dict[str, Any]:
    if element.type == "Resource" and depth:
        return {}
    count = random.randint(1, 2) if element.many else 1
    values = [_value(element, random, depth) for _ in range(count)]
    sibling = f"_{element.name}"
    if sibling not in type_.siblings or random.random() < 0.8:
        return {element.name: values if element.many else values[0]}
    extended = {"extension": [{"url": "http://example.org/absent", "valueCode": "unknown"}]}
    if not element.many:
        return {sibling: extended} if random.random() < 0.5 else {element.name: values[0], sibling: extended}
    return {element.name: [None, *values], sibling: [extended, *[None] * count]}


def _value(element: Element, random: Random, depth: int) -> Any:
    if element.codes:
        return random.choice(sorted(element.codes))
    if element.primitive:
        return random.choice(VALUES[element.type])
    if element.type == "Resource":
        return resource(random.choice((*TYPES, "Observation", "Medication", "Endpoint")), random)
    if element.type == "Reference":
        target = random.choice(sorted(element.targets) or ["Observation"])
        return {"reference": f"{target}/1"}
    return _members(table(element.type), random, depth + 1)
