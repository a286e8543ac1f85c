"""What is published of the tables when small numbers are hidden: none under five, and none that tells one."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.conftest import running
from tests.involvement.hand_worked.all_tables import TABLES
from tests.involvement.hand_worked.caseload import GROUPS, Table, counts, evaluate
from tests.involvement.hand_worked.tables import debrief
from tests.involvement.hand_worked.words import Json

each_table = pytest.mark.parametrize("table", TABLES, ids=[table.caseload.name for table in TABLES])


@pytest.fixture(scope="module")
async def hiding(caseloads: httpx.AsyncClient, caseloads_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The same records in a service that hides numbers, as it does unless somebody sets something else."""
    async with running(caseloads_url) as client:
        yield client


@pytest.fixture(scope="module")
async def summaries(hiding: httpx.AsyncClient) -> dict[str, Json]:
    return {table.caseload.name: await evaluate(hiding, table) for table in TABLES}


def numbers(report: Json) -> Iterator[int]:
    """Every number that a report tells."""
    for group in report["group"]:
        yield from (each["count"] for each in group["population"] if "count" in each)
        strata = (stratum for stratifier in group["stratifier"] for stratum in stratifier["stratum"])
        yield from (each["count"] for stratum in strata for each in stratum["population"] if "count" in each)


@each_table
def test_no_small_number_is_told(table: Table, summaries: dict[str, Json]) -> None:
    told = [*numbers(summaries[table.caseload.name])]
    assert [number for number in told if 0 < number < 5] == []


@each_table
def test_no_two_numbers_tell_a_small_one(table: Table, summaries: dict[str, Json]) -> None:
    report = summaries[table.caseload.name]
    strict, adjusted = (counts(report, group) for group in GROUPS)
    for larger, smaller in [
        *((group["initial-population"], group["denominator"]) for group in (strict, adjusted)),
        *((group["denominator"], group.get("numerator")) for group in (strict, adjusted)),
        (strict["denominator"], adjusted["denominator"]),
        (adjusted.get("numerator"), strict.get("numerator")),
    ]:
        if larger is not None and smaller is not None:
            assert not 0 < abs(larger - smaller) < 5


@each_table
def test_a_rate_stands_on_numbers_that_are_told(table: Table, summaries: dict[str, Json]) -> None:
    report = summaries[table.caseload.name]
    for group in GROUPS:
        told = counts(report, group)
        assert told["rate"] is None or None not in (told["numerator"], told["denominator"])


async def test_the_lists_for_the_team_hide_nothing(hiding: httpx.AsyncClient) -> None:
    listed = counts(await evaluate(hiding, debrief.TABLE, reportType="subject-list"), "strict")
    assert listed["denominator-exclusion"] == debrief.TABLE.strict.excluded == 1
