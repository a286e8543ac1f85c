"""The social map of somebody with twenty people around, by hand: who is told what, and whether it can be read."""

from collections.abc import AsyncIterator
from itertools import combinations
from typing import Final
from xml.etree import ElementTree as ET

import httpx
import pytest

from app.security.caller import Facing
from tests.callers import acting, granted
from tests.conftest import running
from tests.involvement.hand_worked.caseload import Case, Caseload, post
from tests.involvement.hand_worked.words import ME, Json, code, kept_away, no, nobody, person, who
from tests.stories import records

SVG: Final = "{http://www.w3.org/2000/svg}"
CIRCLES: Final = ("inner", "inner", "middle", "outer")
EFFECTS: Final = ("helps", "hinders", "mixed", "neutral")
NAMES: Final = [f"person{number:02}" for number in range(20)]


def tied(name: str, number: int) -> Json:
    said = {"closeness": CIRCLES[number % 4], "effect-on-patient": EFFECTS[number % 4], "strength": "strong"}
    extension = [{"url": url, "valueCode": value} for url, value in said.items()]
    extension.append({"url": "group", "valueString": "home" if number < 5 else "work"})
    return {"item": {"reference": who(name)}, "extension": [records.own("tie", extension=extension)]}


def between(one: str, other: str, effect: str) -> Json:
    ends = [{"url": url, "valueReference": {"reference": who(name)}} for url, name in (("one", one), ("other", other))]
    return records.own("tie-between", extension=[*ends, {"url": "effect", "valueCode": effect}])


DRAWN = {
    "resourceType": "List",
    "status": "current",
    "mode": "working",
    "subject": ME,
    "date": "2025-03-05",
    "code": code("list-code", "social-systems-map"),
    "entry": [tied(name, number) for number, name in enumerate(NAMES)],
    "extension": [
        between("person00", "person01", "hinders"),
        between("person02", "person19", "neutral"),
        records.own("crisis-group", valueString="home"),
    ],
}
TWENTY = [
    *(person(name, "key-supporter") for name in NAMES),
    DRAWN,
    no("person01", on="3 Mar 10:00"),
    kept_away("no-contact-safeguarding", "person02", since="3 Mar 10:00"),
]
MAPS = Caseload("maps", [
    Case("twenty people", TWENTY, "asked"),
    Case("asked: there is nobody", [nobody("3 Mar 10:00")], "nobody"),
    Case("asked: does not want to say", [nobody("3 Mar 10:00", "withheld")], "withheld"),
    Case("the map says that nobody asked", [nobody("3 Mar 10:00", "notasked")], "not-asked"),
    Case("no map", [], "not-asked"),
    Case("no map, and a mother", [person("mother", "carer")], "not-asked"),
    Case("nobody in January, a mother in March", [
        nobody("3 Jan 10:00"), person("mother", "carer"),
        DRAWN | {"entry": [tied("mother", 0)], "extension": DRAWN["extension"][2:]}], "asked"),
])  # fmt: skip
PATIENT = MAPS.id_of(MAPS.cases[0])


@pytest.fixture(scope="module")
async def service(module_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with running(module_database_url) as client:
        await post(acting(client, granted("system/*.cruds kith/check kith/restrictions")), [MAPS])
        yield client


async def graph(client: httpx.AsyncClient, id_: str = PATIENT) -> Json:
    answer = await client.get(f"/Patient/{id_}/$social-map")
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


@pytest.fixture(scope="module")
async def picture(service: httpx.AsyncClient) -> ET.Element:
    answer = await service.get(f"/Patient/{PATIENT}/$social-map?_format=svg")
    return ET.fromstring(answer.text)


@pytest.mark.parametrize("case", MAPS.cases, ids=[case.told for case in MAPS.cases])
async def test_nobody_there_is_told_from_nobody_asked(case: Case, service: httpx.AsyncClient) -> None:
    assert (await graph(service, MAPS.id_of(case)))["asked"] == case.strict


async def test_a_tie_between_two_others_is_one_edge_and_in_the_words(service: httpx.AsyncClient) -> None:
    told = await graph(service)
    names = {node["id"]: node["reference"].rpartition("-")[2] for node in told["nodes"]}
    others = [edge for edge in told["edges"] if "patient" not in (edge["from"], edge["to"])]
    assert [({names[edge["from"]], names[edge["to"]]}, edge["effect"]) for edge in others] == [
        ({"person00", "person01"}, "hinders"),
        ({"person02", "person19"}, "neutral"),
    ]
    assert f"Person00 {PATIENT} and Person01 {PATIENT}: tie; it hinders." in told["text"].splitlines()


def test_a_tie_between_two_others_has_no_head(picture: ET.Element) -> None:
    assert len([*picture.iter(f"{SVG}path")]) == 2
    assert len([*picture.iter(f"{SVG}polygon")]) == 20


async def test_each_edge_that_is_drawn_is_told_in_words(service: httpx.AsyncClient) -> None:
    told = await graph(service)
    said = ("helps the patient", "hinders the patient", "helps and hinders the patient", "neither helps nor hinders")
    for effect, words in zip(EFFECTS, said, strict=True):
        [*drawn] = [edge for edge in told["edges"] if edge["to"] == "patient" and edge["effect"] == effect]
        assert len(drawn) == 5
        assert sum(f"; {words}" in line for line in told["text"].splitlines()) == len(drawn)


async def test_consent_and_restrictions_are_for_those_who_may_know(service: httpx.AsyncClient) -> None:
    all_of_it = await graph(acting(service, granted("system/*.rs kith/check")))
    by_name = {node["reference"].rpartition("-")[2]: node for node in all_of_it["nodes"]}
    assert by_name["person01"]["consent"] == "refused"
    assert by_name["person02"]["restrictions"] == ["no-contact-safeguarding"]
    unchecked = await graph(acting(service, granted("system/*.rs")))
    assert not any("consent" in node for node in unchecked["nodes"])
    assert "sharing:" not in unchecked["text"]
    few = "system/Patient.rs system/List.rs system/RelatedPerson.rs kith/check"
    unflagged = await graph(acting(service, granted(few)))
    assert not any("restrictions" in node for node in unflagged["nodes"])
    assert "no-contact" not in str(unflagged)


@pytest.mark.parametrize("facing", ["patient", "carer"])
async def test_an_app_of_a_patient_or_carer_sees_nobody(service: httpx.AsyncClient, facing: Facing) -> None:
    facing_ = granted("system/*.rs", facing=facing, patient=PATIENT)
    answer = await acting(service, facing_).get(f"/Patient/{PATIENT}/$social-map")
    assert answer.status_code in (200, 403)
    assert "Person00" not in answer.text
    assert "no-contact" not in answer.text


def test_no_name_lies_on_another_name_or_mark(picture: ET.Element) -> None:
    """Letters are taken to be 0.6 of their height wide, which few fonts exceed."""
    boxes = []
    for group in picture.iter(f"{SVG}g"):
        lines = [*group.iter(f"{SVG}text")]
        [mark] = group.iter(f"{SVG}circle")
        x, top = float(mark.get("cx", 0)), float(mark.get("cy", 0)) - 16
        wide = max(len(line.text or "") * float(line.get("font-size", 15)) * 0.6 for line in lines[:3])
        boxes.append((x - wide / 2, top, x + wide / 2, max(float(line.get("y", 0)) for line in lines) + 4))
    assert len(boxes) == 20
    for (left, top, right, bottom), (left2, top2, right2, bottom2) in combinations(boxes, 2):
        assert right < left2 or right2 < left or bottom < top2 or bottom2 < top


def test_nobody_stands_on_the_line_of_somebody_further_out(picture: ET.Element) -> None:
    marks = [(float(mark.get("cx", 0)), float(mark.get("cy", 0))) for mark in picture.iter(f"{SVG}circle")]
    marks = [(x, y) for x, y in marks if (x, y) != (0, 0)]
    for (x, y), (other_x, other_y) in combinations(marks, 2):
        along = x * other_x + y * other_y
        far = max(x * x + y * y, other_x * other_x + other_y * other_y) ** 0.5
        aside = abs(x * other_y - y * other_x) / far
        assert along < 0 or aside > 18
