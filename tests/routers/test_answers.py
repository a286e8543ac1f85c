"""What stands in the head of an answer fits into one, so that what was stored is never answered in vain."""

import re

import pytest

from app.fhir.errors import Issue
from app.routers.answers import warned

# What clients and proxies commonly take of a head, with room for the rest of it.
LARGEST = 4_096


def warnings(many: int, text: str = "This person is under 18.") -> list[Issue]:
    return [Issue("business-rule", text, f"CarePlan.activity[{number}]", "warning") for number in range(many)]


def test_without_warnings_there_is_no_header() -> None:
    assert warned([]) == {}


@pytest.mark.parametrize("many", [1, 2, 20])
def test_a_few_warnings_are_all_told(many: int) -> None:
    header = warned(warnings(many))["Warning"]
    assert header.count("199 kith") == header.count("under 18") == many


@pytest.mark.parametrize("text", ["Short.", "x" * 900, "\u00e9\n" * 5_000, "\1" * 5_000, '"\\' * 5_000])
@pytest.mark.parametrize("many", [1, 2, 40, 10_000])
def test_however_many_there_are_the_header_stays_small_and_says_how_many_more(many: int, text: str) -> None:
    header = warned(warnings(many, text))["Warning"]
    assert len(header) <= LARGEST
    assert header.isascii()
    assert header.isprintable()
    more = re.search(r"(\d+) more: Prefer", header)
    assert header.count("199 kith") - bool(more) + (int(more[1]) if more else 0) == many
