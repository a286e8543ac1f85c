"""Numbers and quantities are found by value, prefix and unit, and sorted; the patient key of their rows moves along."""

from decimal import Decimal
from typing import Any

import pytest

from app.storage.cursor import Cursor, dumps, loads

UCUM = "http://unitsofmeasure.org"
LENGTHS: dict[str, dict[str, Any] | None] = {
    "short": {"value": 15, "unit": "min", "system": UCUM, "code": "min"},
    "long": {"value": Decimal("75.4"), "unit": "minutes", "system": UCUM, "code": "min"},
    "hours": {"value": 75, "unit": "h", "system": UCUM, "code": "h"},
    "at-least": {"value": 60, "comparator": ">", "unit": "min"},
    "enormous": {"value": Decimal("1E+4000"), "unit": "min"},
    "unknown": None,
}


def encounter(id_: str, length: dict[str, Any] | None) -> dict[str, Any]:
    body = {"resourceType": "Encounter", "id": id_, "status": "finished", "class": {"code": "HH"}}
    return body | ({"length": length} if length else {})


def form(id_: str, code: str, **value: Any) -> dict[str, Any]:
    context = [{"code": {"system": "urn:s", "code": code}, **value}]
    return {"resourceType": "Questionnaire", "id": id_, "status": "active", "useContext": context}


@pytest.fixture(scope="module")
async def filled(module_shelf):
    for id_, length in LENGTHS.items():
        await module_shelf.put(encounter(id_, length))
    await module_shelf.put(form("adults", "age", valueRange={"low": {"value": 18, "unit": "a"}}))
    await module_shelf.put(form("six", "age", valueQuantity={"value": 6, "unit": "a"}))
    await module_shelf.put(form("six-beds", "beds", valueQuantity={"value": 6}))
    return module_shelf


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("75", {"long", "hours"}),
        ("75.0", {"hours"}),
        ("75.4", {"long"}),
        (f"75|{UCUM}|min", {"long"}),
        ("75||min", {"long"}),
        ("75||minutes", {"long"}),
        ("75||h", {"hours"}),
        ("75|urn:x|min", set()),
        ("ne75", {"short", "at-least", "enormous"}),
        ("gt70", {"long", "hours", "at-least", "enormous"}),
        ("lt60||min", {"short"}),
        ("ge75.4", {"long", "at-least", "enormous"}),
        ("le15", {"short"}),
        ("sa75", {"long", "enormous"}),
        ("eb60", {"short"}),
        ("ap14", {"short"}),
        ("15,75||h", {"short", "hours"}),
        ("1e900", set()),
    ],
)
async def test_a_length_is_found(filled, value, found):
    assert set(await filled.ids("Encounter", ("length", value))) == found


async def test_what_has_none_is_missing(filled):
    assert await filled.ids("Encounter", ("length:missing", "true")) == ["unknown"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("length", ["short", "at-least", "hours", "long", "enormous", "unknown"]),
        ("-length", ["enormous", "at-least", "long", "hours", "short", "unknown"]),
    ],
)
async def test_lengths_are_sorted_over_pages(filled, sort, order):
    found, cursor = [], None
    for _ in order:
        page = await filled.page("Encounter", ("_sort", sort), ("_count", "1"), cursor=cursor)
        found += [match.id for match in page.matches]
        if page.last:
            cursor = loads(dumps(Cursor("", 0, page.last[0], page.last[1], page.total), b"key"), b"key")
    # At their ends two are equal, and come in the order of their keys.
    if sort == "-length":
        assert set(found[:2]) == set(order[:2])
        found[:2] = order[:2]
    assert found == order


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("age$6", {"six"}),
        ("urn:s|age$6||a", {"six"}),
        ("beds$6", {"six-beds"}),
        ("beds$6||a", set()),
        ("age$gt17", {"adults"}),
        ("urn:x|age$6", set()),
    ],
)
async def test_a_code_and_a_quantity_are_found_together(filled, value, found):
    assert set(await filled.ids("Questionnaire", ("context-type-quantity", value))) == found
    if "|" not in value:
        amount = value.partition("$")[2]
        assert found <= set(await filled.ids("Questionnaire", ("context-quantity", amount)))
