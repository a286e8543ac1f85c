"""Resources and questions made up at random, with few enough values that questions often have answers."""

from random import Random
from typing import Any

from tests.storage.search.oracle import PARAMETERS, Asked, From, Own, Resource, To

SYSTEM = "http://s.example"
KINDS = "http://t.example"
NAMES = ["Ann", "Anna", "Bob", "Bo", "Cem", "Annabel", "McBob", "Cem Ann", "Bo Annabel Bob"]
CODES = ["a", "b", "c"]
DAYS = ["2020", "2020-05", "2020-05-17", "2021", "2021-01-01", "2020-12-31", "2019-11"]
URLS = ["http://a.example", "http://a.example/b", "http://a.example/b/c", "http://a.example/bc", "http://z.example/b"]
GENDERS = ["male", "female", "other"]
CONSENT_STATES = ["active", "draft", "inactive"]
PLAN_STATES = ["active", "draft", "completed"]
# Where references lead: parameter, and the types it may be to.
TARGETS = {
    ("Patient", "general-practitioner"): ["Practitioner", "Organization"],
    ("Patient", "organization"): ["Organization"],
    ("RelatedPerson", "patient"): ["Patient"],
    ("Consent", "patient"): ["Patient"],
    ("Consent", "actor"): ["RelatedPerson", "Organization", "Practitioner"],
    ("Consent", "organization"): ["Organization"],
    ("CarePlan", "subject"): ["Patient"],
    ("CarePlan", "part-of"): ["CarePlan"],
    ("CarePlan", "performer"): ["RelatedPerson", "Practitioner", "Organization"],
    ("Organization", "partof"): ["Organization"],
}
COUNTS = {"Organization": 4, "Practitioner": 4, "Patient": 8, "RelatedPerson": 12, "Consent": 16, "CarePlan": 12}
VALUES = {
    "gender": GENDERS, "status": [*CONSENT_STATES, "completed"], "active": ["true", "false"], "family": NAMES,
    "name": NAMES, "_profile": URLS, "identifier": ["1", "2", "3"],
}  # fmt: skip


def world(chance: Random) -> list[Resource]:
    """Resources of each type; references lead to any of their types, now and then to what is not there."""
    return [_resource(chance, type_, number) for type_, count in COUNTS.items() for number in range(count)]


def patient_of(resource: Resource) -> str:
    """The key of the record that a resource belongs to, as storage keeps it."""
    if resource["resourceType"] == "Patient":
        return str(resource["id"])
    element = resource.get("patient") or resource.get("subject") or {}
    return str(element.get("reference", "")).removeprefix("Patient/")


def question(chance: Random, type_: str, depth: int = 2) -> Asked:
    """Something to ask of resources of a type."""
    own = [key for key in TARGETS if key[0] == type_]
    to = [key for key, types in TARGETS.items() if type_ in types]
    way = chance.random() if depth else 0
    if way > 0.7 and own:
        return _chain(chance, chance.choice(own), depth)
    if way > 0.5 and to:
        source, parameter = chance.choice(to)
        return From(type_, source, parameter, question(chance, source, depth - 1))
    return _own(chance, type_)


def sorting(chance: Random, type_: str) -> list[tuple[str, bool]]:
    """Sort rules: parameter, and whether downwards."""
    names = [*PARAMETERS[type_], "_id"]
    return [(name, chance.random() < 0.5) for name in chance.sample(names, chance.choice([0, 1, 1, 2, 3]))]


def includes(chance: Random) -> list[tuple[str, str, str, bool]]:
    """Includes: type, parameter, target ('' for any), and whether it iterates."""
    found = []
    for key in chance.sample(sorted(TARGETS), chance.choice([0, 1, 2, 4])):
        target = chance.choice(["", *TARGETS[key]])
        found.append((*key, target, chance.random() < 0.6))
    return found


def _chain(chance: Random, key: tuple[str, str], depth: int) -> To:
    target = chance.choice(TARGETS[key])
    then = question(chance, target, depth - 1)
    # Without a type a chain leads to types that are not in this world either; they are only found by what they have.
    may_be_any = isinstance(then, Own) and then.modifier not in ("not", "missing") and then.parameter != "_id"
    return To(*key, "" if may_be_any and chance.random() < 0.4 else target, then)


def _own(chance: Random, type_: str) -> Own:
    name = chance.choice([*PARAMETERS[type_], "_id"])
    kind = PARAMETERS[type_].get(name, ("id", ""))[0]
    modifiers = {
        "token": ["", "", "not", "missing"],
        "string": ["", "exact", "contains", "missing"],
        "uri": ["", "above", "below", "missing"],
        "date": ["", "", "", "missing"],
        "reference": ["", "missing", "type"],
        "id": ["", "not"],
    }[kind]
    modifier = chance.choice([*modifiers, "of-type"] if name == "identifier" else modifiers)
    if modifier == "missing":
        return Own(type_, name, modifier, (chance.choice(["true", "false"]),))
    target = chance.choice(TARGETS.get((type_, name), ["Patient"]))
    many = tuple(_value(chance, type_, name, kind, modifier, target) for _ in range(chance.choice([1, 1, 2, 3])))
    return Own(type_, name, target if modifier == "type" else modifier, many)


def _value(chance: Random, type_: str, name: str, kind: str, modifier: str, target: str) -> str:
    if modifier == "of-type":
        return f"{KINDS}|{chance.choice(CODES)}|{chance.choice(['1', '2', '3'])}"
    if kind == "reference":
        id_ = _id(chance, target)
        return id_ if modifier == "type" else f"{target}/{id_}"
    if kind == "date":
        return chance.choice(["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"]) + chance.choice(DAYS)
    if kind == "id":
        return _id(chance, type_)
    code = chance.choice(VALUES.get(name, CODES))
    if kind == "string" and modifier != "exact":
        code = chance.choice([code, code[:2], code.upper(), code[-2:]])
    if name in ("category", "relationship", "_tag", "identifier"):
        return chance.choice([code, f"{SYSTEM}|{code}", f"|{code}", f"{SYSTEM}|"])
    return code


def _id(chance: Random, type_: str) -> str:
    return f"{type_[:1].lower()}{type_[-1]}{chance.randrange(COUNTS[type_] + 1)}"


def _resource(chance: Random, type_: str, number: int) -> Resource:
    made: Resource = {"resourceType": type_, "id": f"{type_[:1].lower()}{type_[-1]}{number}", "meta": _meta(chance)}
    made |= {
        "Organization": _organization, "Practitioner": _practitioner, "Patient": _patient, "RelatedPerson": _supporter,
        "Consent": _consent, "CarePlan": _plan,
    }[type_](chance)  # fmt: skip
    return {name: value for name, value in made.items() if value}


def _meta(chance: Random) -> dict[str, Any]:
    meta = {"tag": [_coding(chance)] if chance.random() < 0.5 else [], "profile": _some(chance, URLS)}
    return {name: value for name, value in meta.items() if value}


def _organization(chance: Random) -> Resource:
    return {"name": chance.choice(NAMES), "partOf": _maybe(chance, _to(chance, "Organization"))}


def _practitioner(chance: Random) -> Resource:
    return {"name": [{"family": name} for name in _some(chance, NAMES)]}


def _patient(chance: Random) -> Resource:
    return {
        "name": [{"family": name} for name in _some(chance, NAMES)],
        "gender": _maybe(chance, chance.choice(GENDERS)),
        "birthDate": _maybe(chance, chance.choice(DAYS)),
        "active": _maybe(chance, True),
        "identifier": [_identifier(chance) for _ in range(chance.choice([0, 1, 2]))],
        "generalPractitioner": [_to(chance, *TARGETS["Patient", "general-practitioner"])] * chance.choice([0, 1]),
        "managingOrganization": _maybe(chance, _to(chance, "Organization")),
    }


def _supporter(chance: Random) -> Resource:
    return {
        "patient": _to(chance, "Patient"),
        "gender": _maybe(chance, chance.choice(GENDERS)),
        "relationship": [{"coding": [_coding(chance)]} for _ in range(chance.choice([0, 1, 2]))],
    }


def _consent(chance: Random) -> Resource:
    actors = [{"reference": _to(chance, *TARGETS["Consent", "actor"])} for _ in range(chance.choice([0, 1, 2]))]
    return {
        "patient": _to(chance, "Patient"),
        "status": chance.choice(CONSENT_STATES),
        "dateTime": _maybe(chance, chance.choice(DAYS)),
        "category": [{"coding": [_coding(chance), _coding(chance)]} for _ in range(chance.choice([0, 1]))],
        "provision": {"actor": actors} if actors else None,
        "organization": [_to(chance, "Organization")] * chance.choice([0, 1]),
    }


def _plan(chance: Random) -> Resource:
    start, end = sorted(chance.sample(DAYS, 2))
    ends = [each for each in (("start", start), ("end", end)) if chance.random() < 0.7]
    return {
        "subject": _to(chance, "Patient"),
        "status": chance.choice(PLAN_STATES),
        "period": dict(ends),
        "partOf": [_to(chance, "CarePlan") for _ in range(chance.choice([0, 1, 2]))],
        "activity": [{"detail": {"performer": [_to(chance, *TARGETS["CarePlan", "performer"])]}}]
        * chance.choice([0, 1]),
    }


def _identifier(chance: Random) -> Resource:
    types = {"type": {"coding": [{"system": KINDS, "code": chance.choice(CODES)}]}}
    return {**chance.choice([{}, types]), "system": SYSTEM, "value": chance.choice(["1", "2", "3"])}


def _coding(chance: Random) -> dict[str, str]:
    return chance.choice([{}, {"system": SYSTEM}]) | {"code": chance.choice(CODES)}


def _to(chance: Random, *types: str) -> dict[str, str]:
    type_ = chance.choice(types)
    return {"reference": f"{type_}/{_id(chance, type_)}"}


def _some(chance: Random, values: list[str]) -> list[str]:
    return chance.sample(values, chance.choice([0, 1, 2]))


def _maybe(chance: Random, value: Any) -> Any:
    return value if chance.random() < 0.7 else None
