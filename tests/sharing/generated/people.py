"""Random patients, supporters, professionals and teams: valid FHIR, alike and contradictory often enough."""

from datetime import timedelta
from typing import Any

from app.sharing.facts import Record, Version
from tests.sharing.generated.draw import MODIFIED, Draw, Json
from tests.sharing.reference.vocabulary import CARE_TEAM_CATEGORY, CARER_ROLE, NHS_NUMBER, url

PATIENT = "p"
JOINED = "joined"
BASE = "https://kith.example/FHIR/R4"
_PATIENT_NUMBER = "9990000018"
_NUMBERS = ("9990000026", "9990000034")
_FAMILIES = ("Dunnock", "DUNNOCK", "O'Neill", "ONeill", "Dunn\u00f3ck")
_GIVEN = ("Rob", "rob", "R\u00f3b", "Jo")
_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
# By a literal, by an identifier, and by one that nobody has.
_MANAGED_BY: tuple[Json, ...] = (
    *({"reference": "Organization/ward"},) * 4,
    {"identifier": {"system": _ODS, "value": "ZZK01"}},
    {"identifier": {"system": _ODS, "value": "ZZK99"}},
)
_ROLES = (
    "main-carer",
    "key-supporter",
    "next-of-kin",
    "nearest-relative",
    "nominated-person",
    "lpa-health-welfare",
    "deputy-welfare",
    "parental-responsibility",
    "young-carer",
    "visiting-child",
)


def record(draw: Draw, kind: str, id_: str, contents: list[Json | None], *, early: bool = False) -> Record:
    """A record with these versions, written one after the other at the instants of the case."""
    first = draw.instants[0] - timedelta(days=30)
    latest = draw.now
    times = sorted(min(draw.instant(latest=latest), latest) for _ in contents)
    if early:
        times[0] = first
    versions = [
        Version(number, time, body, draw.one(("ZZK01", "ZZK02", "")))
        for number, (time, body) in enumerate(zip(times, contents, strict=True), 1)
    ]
    return Record(kind, id_, tuple(versions))


def patients(draw: Draw) -> tuple[Record, ...]:
    """The patient, now and then with a record under another id that was joined to this one."""
    first = _patient(draw, PATIENT, early=True)
    return (first, _patient(draw, JOINED, early=draw.chance(80))) if draw.chance(4, "records", 12) else (first,)


def _patient(draw: Draw, id_: str, *, early: bool) -> Record:
    """Adult, child, of unknown age; alive or not."""
    body: Json = {
        "resourceType": "Patient",
        "id": id_,
        "identifier": [{"system": NHS_NUMBER, "value": _PATIENT_NUMBER}],
    }
    if not draw.chance(6):
        body["birthDate"] = (
            birth(draw, 12 if draw.straight else 16)
            if draw.chance(5, "child", 85)
            else draw.one(("1990-05-05", "1990", "1979-11"))
        )
    if draw.chance(3):
        body |= draw.one(({"deceasedBoolean": True}, {"deceasedBoolean": False}, {"deceasedDateTime": draw.text()}))
    contents: list[Json | None] = [body, None] if id_ == JOINED and draw.chance(10) else [body]
    return record(draw, "Patient", id_, contents, early=early)


def birth(draw: Draw, age: int) -> str:
    """A birth date about that many years before the time of the question, exactly so in part of the cases."""
    day = draw.one([draw.at, *draw.instants]).date()
    years = age + draw.one((0, 0, 0, -1, -4, 2))
    try:
        born = day.replace(year=day.year - years) + timedelta(days=draw.one((0, 0, 1, -1)))
    except ValueError:
        born = day.replace(year=day.year - years, day=28)
    return born.isoformat()[: draw.one((10, 10, 10, 7, 4))]


def supporters(draw: Draw) -> list[Record]:
    """One to four RelatedPersons."""
    found = [_supporter(draw, id_, draw.ids) for id_ in draw.ids]
    return [*found, _latecomer(draw)] if draw.chance(5) else found


def _latecomer(draw: Draw) -> Record:
    """Somebody recorded late, whom nothing names."""
    return record(draw, "RelatedPerson", "e", [_person(draw, "e", draw.ids)])


def _supporter(draw: Draw, id_: str, ids: str) -> Record:
    body = _person(draw, id_, ids)
    contents: list[Json | None] = [body]
    if draw.chance(8, "alike", 30):
        contents.append(body | {"name": [_name(draw, id_)]})
    if draw.chance(3):
        contents.append(body | {"active": False})
    if draw.chance(2, "alike", 10):
        contents.append(None)
    return record(draw, "RelatedPerson", id_, contents, early=True)


def _person(draw: Draw, id_: str, ids: str) -> Json:
    body: Json = {"resourceType": "RelatedPerson", "id": id_, "patient": {"reference": f"Patient/{PATIENT}"}}
    body["name"] = [_name(draw, id_) for _ in range(draw.one((1, 1, 1, 2)))]
    if draw.chance(15, "alike", 30):
        body["identifier"] = [{"system": NHS_NUMBER, "value": draw.one(_NUMBERS)}]
    if draw.chance(40):
        body["active"] = not draw.chance(6)
    if draw.chance(5):
        body["period"] = draw.period()
    if draw.chance(20, "young", 70):
        body["birthDate"] = birth(draw, 18) if draw.chance(30, "young", 85) else draw.one(("1985-02-02", "1985"))
    if draw.chance(30):
        body["telecom"] = [{"system": "phone", "value": draw.one(("07700 900001", "07700900001", "07700 900002"))}]
    if draw.chance(10):
        body["address"] = [{"line": ["1 High Street"], "postalCode": "ZZ99 9ZZ"}]
    relationships = _relationships(draw)
    if relationships:
        body["relationship"] = relationships
    links = [
        {"url": url(name), "valueReference": {"reference": f"RelatedPerson/{draw.one(ids)}"}}
        for name in ("same-person", "different-person")
        if draw.chance(2, "alike", 12)
    ]
    body |= MODIFIED if draw.chance(0.3, "unreadable", 5) else {}
    return body | ({"extension": links} if links else {})


def _name(draw: Draw, id_: str) -> Json:
    if draw.chance(75, "alike", 15):
        return {"family": f"Own-{id_}", "given": ["Name"]}
    name: Json = {"family": draw.one(_FAMILIES), "given": [draw.one(_GIVEN), "Lee"]}
    if draw.chance(20):
        name["use"] = "old"
    if draw.chance(5):
        del name[draw.one(("family", "given"))]
    return name


def _relationships(draw: Draw) -> list[Json]:
    wanted = {
        "capacity": _ROLES[5:7],
        "child": _ROLES[7:8],
        "young": _ROLES[8:],
        "statutory": _ROLES[3:5],
    }.get(draw.theme, _ROLES)
    chosen = draw.some(wanted, 2) if draw.chance(25) else []
    if draw.theme in ("capacity", "child", "statutory"):
        chosen = list(wanted) if draw.straight or draw.chance(85) else []
    return [_relationship(draw, code) for code in chosen]


def _relationship(draw: Draw, code: str) -> Json:
    extensions: list[Json] = []
    if draw.straight or draw.chance(88):
        period = draw.period(start=80, end=15) if draw.chance(20) else {"start": "2020-01-01"}
        extensions.append({"url": url("role-period"), "valuePeriod": period})
    if draw.chance(90):
        extensions.append({"url": url("role-verified"), "valueBoolean": not draw.chance(10)})
    if draw.chance(30):
        extensions.append({"url": url("role-in-force-from"), "valueDateTime": draw.text()})
    found: Json = {"coding": [{"system": CARER_ROLE, "code": code}]}
    return found | ({"extension": extensions} if extensions else {})


def professionals(draw: Draw) -> list[Record]:
    """A practitioner with a role in an organisation that is part of another."""
    bodies: list[Json] = [
        {"resourceType": "Practitioner", "id": "dr"},
        {
            "resourceType": "PractitionerRole",
            "id": "drr",
            "practitioner": {"reference": "Practitioner/dr"},
            "organization": {"reference": "Organization/ward"},
        },
        {"resourceType": "Organization", "id": "ward", "partOf": {"reference": "Organization/trust"}},
        {
            "resourceType": "Organization",
            "id": "trust",
            "identifier": [{"system": _ODS, "value": "ZZK01"}],
        },
    ]
    for body in bodies:
        if draw.chance(20):
            body["active"] = not draw.chance(20)
    return [record(draw, body["resourceType"], body["id"], [body], early=True) for body in bodies]


def teams(draw: Draw) -> list[Record]:
    """Up to two CareTeams with some of the supporters."""
    count = draw.one((0, 1, 2)) if draw.chance(30, "team", 100) or draw.theme == "professional" else 0
    return [_team(draw, id_) for id_ in ("t", "u")[:count]]


def _team(draw: Draw, id_: str) -> Record:
    network = draw.chance(75)
    category = {"coding": [{"system": CARE_TEAM_CATEGORY, "code": "support-network" if network else "other"}]}
    members: list[Any] = [{"member": person(draw, one)} for one in draw.some(draw.ids, 3)]
    if draw.chance(30):
        members.append({"member": {"reference": draw.one(("Practitioner/dr", "PractitionerRole/drr"))}})
    for member in members:
        if draw.chance(15):
            member["period"] = draw.period()
    body: Json = {
        "resourceType": "CareTeam",
        "id": id_,
        "status": draw.one(("active",) * 8 + ("inactive", "entered-in-error")),
        "category": [category],
        "subject": {"reference": f"Patient/{PATIENT}"},
        "participant": members,
    }
    if draw.chance(20):
        body["period"] = draw.period()
    if draw.chance(2, "unreadable", 10):
        draw.one((body, members[0])).update(MODIFIED)
    if draw.chance(50):
        body["managingOrganization"] = [draw.one(_MANAGED_BY)]
    later = body | {"status": "inactive"}
    return record(draw, "CareTeam", id_, [body, later] if draw.chance(10) else [body], early=not draw.chance(10))


def person(draw: Draw, id_: str) -> Json:
    """A reference to a supporter: literal, absolute or by an identifier."""
    way = draw.random.random()
    id_ = id_ if id_ in draw.ids else draw.ids[-1]
    if way < 0.94:
        return {"reference": f"RelatedPerson/{id_}"}
    if way < 0.985:
        return {"reference": f"{BASE}/RelatedPerson/{id_}"}
    return {"type": "RelatedPerson", "identifier": {"system": NHS_NUMBER, "value": draw.one(_NUMBERS)}}
