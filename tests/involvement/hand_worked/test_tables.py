"""The service puts each case where the page does: the tables were worked out by hand, and not from what it answers."""

import httpx
import pytest

from tests.involvement.hand_worked.all_tables import TABLES
from tests.involvement.hand_worked.caseload import GROUPS, Case, Table, counts, evaluate, places, remarks
from tests.involvement.hand_worked.words import Json

each_table = pytest.mark.parametrize("table", TABLES, ids=[table.caseload.name for table in TABLES])
each_case = pytest.mark.parametrize(
    ("table", "case"),
    [pytest.param(table, case, id=f"{table.caseload.name}: {case.told}") for table in TABLES for case in table.cases],
)


@pytest.fixture(scope="module")
async def lists(caseloads: httpx.AsyncClient) -> dict[str, Json]:
    """Of each indicator the report that lists everything."""
    return {table.caseload.name: await evaluate(caseloads, table, reportType="subject-list") for table in TABLES}


@each_case
def test_each_case_is_where_the_page_puts_it(table: Table, case: Case, lists: dict[str, Json]) -> None:
    listed, name = lists[table.caseload.name], table.caseload.id_of(case)
    assert {group: places(listed, group, name) for group in GROUPS} == case.expected
    if case.remark is not None:
        assert remarks(listed, name) == [case.remark]


@each_table
async def test_the_numbers_are_those_of_the_table(table: Table, caseloads: httpx.AsyncClient) -> None:
    report = await evaluate(caseloads, table)
    for group, total in zip(GROUPS, (table.strict, table.adjusted), strict=True):
        told = counts(report, group)
        rate = told.pop("rate")
        assert told == {
            "initial-population": total.initial,
            "denominator": total.initial - total.excluded,
            "denominator-exclusion": total.excluded,
            **({} if total.met is None else {"numerator": total.met}),
        }
        assert rate == (None if total.rate is None else pytest.approx(total.rate, abs=0.001))


@each_table
async def test_each_patient_alone_is_judged_alike(table: Table, caseloads: httpx.AsyncClient) -> None:
    """Every third patient is asked about, of which there are enough of every kind."""
    for case in table.cases[::3]:
        name = table.caseload.id_of(case)
        report = await evaluate(caseloads, table, reportType="subject", subject=f"Patient/{name}")
        assert {group: places(report, group, name) for group in GROUPS} == case.expected, case.told
