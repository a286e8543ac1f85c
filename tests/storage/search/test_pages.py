"""Pages: every match once, in order, whatever ties and whoever writes meanwhile."""

import random
from typing import Any

import pytest

from app.storage.cursor import Cursor

GIVEN = ("Ann", "Bob", "Cem", None)


def person(id_: str, number: int) -> dict[str, Any]:
    """People of whom many have the same value, some have several and some none."""
    given = GIVEN[number % 4]
    body: dict[str, Any] = {"resourceType": "Patient", "id": id_, "gender": ("male", "female")[number % 2]}
    if given:
        body["name"] = [{"given": [given, "Zoe"][: 1 + number % 3 % 2], "family": "Example"}]
    if number % 5:
        body["birthDate"] = f"{1950 + number % 3}"
    if number % 3 == 0:
        body["managingOrganization"] = {"reference": f"Organization/o{number % 2}"}
        body["meta"] = {"profile": [f"http://profile/{number % 2}"]}
    return body


async def walk(shelf, *pairs: tuple[str, str], between=None, count: int = 7) -> list[str]:
    """All matches, page by page; `between` runs between two pages."""
    found: list[str] = []
    cursor = None
    for _ in range(1000):
        page = await shelf.page("Patient", *pairs, ("_count", str(count)), cursor=cursor)
        assert len(page.matches) <= count
        found += [match.id for match in page.matches]
        if page.last is None:
            return found
        cursor = Cursor("", 0, page.last[0], page.last[1], page.total)
        if between:
            await between()
    raise AssertionError("no end")


@pytest.fixture(scope="module")
async def filled(module_shelf):
    for number in range(60):
        await module_shelf.put(person(f"p{number:02}", number))
    return module_shelf


SORTS = ["family", "given", "-given", "birthdate", "-birthdate", "gender,-birthdate", "-gender,given", "_id", "-_id"]
SORTS += [
    "_lastUpdated",
    "-_lastUpdated",
    "organization",
    "-_profile",
    "phonetic,_id",
    "-deceased,-_lastUpdated,birthdate",
]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("count", [1, 7, 60])
async def test_pages_are_the_whole_list_in_pieces(filled, sort: str, count: int) -> None:
    whole = await filled.ids("Patient", ("_sort", sort), ("_count", "500"))
    assert len(whole) == len(set(whole)) == 60
    assert await walk(filled, ("_sort", sort), count=count) == whole


async def test_without_sort_the_order_is_that_of_creation(filled) -> None:
    assert await walk(filled) == [f"p{number:02}" for number in range(60)]


async def test_order_is_by_the_least_value_or_the_greatest_and_missing_values_come_last(shelf) -> None:
    for id_, names in (("a", ["Bea", "Zoe"]), ("b", ["Cat"]), ("none", []), ("c", ["Ann", "Yan"])):
        await shelf.put({"resourceType": "Patient", "id": id_, "name": [{"given": names}] if names else []})
    assert await shelf.ids("Patient", ("_sort", "given")) == ["c", "a", "b", "none"]
    assert await shelf.ids("Patient", ("_sort", "-given")) == ["a", "c", "b", "none"]


async def test_dates_are_ordered_by_their_beginning_or_their_end(shelf) -> None:
    for id_, period in (("long", ("2020", "2029")), ("late", ("2025", "2026")), ("open", ("2024", None))):
        ends = {name: value for name, value in zip(("start", "end"), period, strict=True) if value}
        await shelf.put({"resourceType": "CareTeam", "id": id_, "period": ends})
    await shelf.put({"resourceType": "CareTeam", "id": "none"})
    assert await shelf.ids("CareTeam", ("_sort", "date")) == ["long", "open", "late", "none"]
    assert await shelf.ids("CareTeam", ("_sort", "-date")) == ["open", "long", "late", "none"]


@pytest.mark.parametrize("sort", ["", "given", "-birthdate", "-_lastUpdated", "gender,given"])
async def test_unchanged_rows_come_exactly_once_while_others_are_written(shelf, sort: str) -> None:
    keys = {number: await shelf.put(person(f"p{number:02}", number)) for number in range(60)}
    chance = random.Random(sort)
    changed, left, new = set(), list(keys), []

    async def write() -> None:
        for _ in range(2):
            number = chance.choice(left)
            left.remove(number)
            changed.add(f"p{number:02}")
            if chance.random() < 0.5:
                await shelf.delete(keys[number])
            else:
                await shelf.replace(keys[number], person(f"p{number:02}", number + 1))
        new.append(f"new{len(new)}")
        await shelf.put(person(new[-1], len(new)))

    found = await walk(shelf, *([("_sort", sort)] if sort else []), between=write)
    unchanged = {f"p{number:02}" for number in keys} - changed
    assert unchanged <= set(found)
    assert all(found.count(id_) == 1 for id_ in unchanged)
    assert all(found.count(id_) <= 2 for id_ in set(found))


@pytest.mark.parametrize(
    ("pairs", "total", "matches"),
    [
        ([], 60, 50),
        ([("_count", "60")], 60, 60),
        ([("_count", "5")], 60, 5),
        ([("_count", "0")], 60, 0),
        ([("_summary", "count")], 60, 0),
        ([("_summary", "count"), ("_total", "none")], 60, 0),
        ([("_total", "none")], None, 50),
        ([("_total", "accurate"), ("_count", "3")], 60, 3),
        ([("_total", "estimate"), ("_count", "3"), ("_sort", "given")], 60, 3),
        ([("gender", "male")], 30, 30),
        ([("gender", "other")], 0, 0),
    ],
)
async def test_the_total_counts_all_matches(filled, pairs, total: int | None, matches: int) -> None:
    page = await filled.page("Patient", *pairs)
    assert (page.total, len(page.matches)) == (total, matches)


async def test_the_total_is_exact_up_to_ten_thousand_and_left_out_beyond_unless_it_must_be_accurate(shelf) -> None:
    row = "INSERT INTO resource (type, id, version, updated, content) SELECT 'Consent', g::text, 1, now(), '{}'"
    await shelf.connection.execute(f"{row} FROM generate_series(1, 10000) g")
    assert (await shelf.page("Consent")).total == 10_000
    await shelf.connection.execute(f"{row} FROM generate_series(10001, 10001) g")
    page = await shelf.page("Consent")
    assert (page.total, len(page.matches)) == (None, 50)
    assert page.last is not None
    assert (await shelf.page("Consent", ("_total", "accurate"))).total == 10_001
    assert (await shelf.page("Consent", ("_count", "0"))).total == 10_001


async def test_later_pages_repeat_the_total_of_the_first(filled) -> None:
    first = await filled.page("Patient", ("_count", "50"))
    values, key = first.last
    later = await filled.page("Patient", ("_count", "50"), cursor=Cursor("", 0, values, key, first.total))
    assert (later.total, len(later.matches), later.last) == (60, 10, None)
