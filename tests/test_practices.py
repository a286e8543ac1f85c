"""docs/practices.md: each row leads to a test that there is, and its questions are answered by the real application."""

import re
from typing import Any, NamedTuple

import httpx
import pytest

from app.demo.load import load_with
from app.demo.resources import demo
from app.fhir.vocabulary.gaps import GAP
from tests.interactions.bundles import put_entry, transaction
from tests.pages import DOCS, broken_links, functions_of, named_tests
from tests.practices import EXAMPLES

STARRED = {*range(1, 5), 6, 7, *range(10, 16), *range(17, 28), 29, 31, *range(33, 36), 39, 40}
NOT_HERE = {16}
PAGE = (DOCS / "practices.md").read_text()
_ROW = re.compile(r"^\| (\d+)(★?) \|(.*)\|$", re.MULTILINE)
_ASKED = re.compile(r"`GET (/[^`]+)`")


class Practice(NamedTuple):
    """One row: its number, whether it has a star, and its text."""

    number: int
    starred: bool
    text: str

    @property
    def questions(self) -> list[str]:
        return _ASKED.findall(self.text)


ROWS = [Practice(int(number), bool(star), text) for number, star, text in _ROW.findall(PAGE)]
HERE = [row for row in ROWS if row.number not in NOT_HERE]


@pytest.fixture(scope="module")
async def service(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a service that holds the stories of the demo, and the examples."""
    client.base_url = httpx.URL("http://kith.test")
    report = await load_with(client, list(demo()), lambda done, total: None)
    assert report.problem == ""
    examples = [put_entry(example | {"id": f"practice-{row}"}) for row, example in EXAMPLES.items()]
    answer = await client.post("/FHIR/R4", json=transaction(*examples))
    assert answer.status_code == 200, answer.text
    return client


def names(bundle: dict[str, Any]) -> set[str]:
    return {entry["resource"]["id"] for entry in bundle.get("entry", ())}


def test_every_practice_has_its_row_and_the_right_ones_a_star() -> None:
    assert [row.number for row in ROWS] == list(range(1, 44))
    assert {row.number for row in ROWS if row.starred} == STARRED


@pytest.mark.parametrize("row", [row for row in ROWS if row.starred], ids=lambda row: f"row {row.number}")
def test_a_row_with_a_star_names_tests_that_exist(row: Practice) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row.text)
    assert named
    for file, test in named:
        assert test in functions_of(file), f"{file}::{test}"


@pytest.mark.parametrize(("file", "test"), named_tests("practices.md"))
def test_each_test_that_the_page_names_exists(file: str, test: str) -> None:
    assert test in functions_of(file)


def test_the_links_lead_somewhere() -> None:
    assert broken_links("practices.md") == []


def test_each_gap_that_there_is_has_its_row() -> None:
    told = {
        code for each in re.findall(r"gaps? ((?:`[a-z-]+`(?:, )?)+)", PAGE) for code in re.findall(r"`([a-z-]+)`", each)
    }
    assert told == set(GAP.codes)


@pytest.mark.parametrize("row", HERE, ids=lambda row: f"row {row.number}")
async def test_the_questions_of_a_row_are_answered_and_find_something(
    service: httpx.AsyncClient, row: Practice
) -> None:
    assert row.questions
    for question in row.questions:
        answer = await service.get(question)
        assert answer.status_code == 200, (question, answer.text)
        if answer.json().get("resourceType") == "Bundle" and not question.startswith("/worklists/"):
            assert names(answer.json()), question


@pytest.mark.parametrize("number", EXAMPLES, ids=lambda number: f"row {number}")
async def test_what_is_stored_is_found_by_what_the_row_asks(service: httpx.AsyncClient, number: int) -> None:
    [row] = [row for row in ROWS if row.number == number]
    found = [names((await service.get(question)).json()) for question in row.questions]
    assert any(f"practice-{number}" in each for each in found)
