"""Date search by R4's rules, each row worked out by hand: https://hl7.org/fhir/R4/search.html#prefix

eq: what is asked for fully contains the value. gt, lt: the value reaches beyond it. ge, le: one or the other.
sa, eb: the value lies wholly beyond it. ap: they overlap, within a tenth of the distance to now (2026-03-09T12:00Z).
"""

from datetime import UTC, datetime

import pytest

YEAR, MONTH, DAY = "2013", "2013-03", "2013-03-14"
MINUTE, SECOND, MILLI = "2013-03-14T10:30", "2013-03-14T10:30:15Z", "2013-03-14T10:30:15.250Z"
ZONED = "2013-03-14T00:30:00+01:00"  # the evening before in UTC
OPEN_END, OPEN_START = {"start": "2013-01-21"}, {"end": "2013-01-21"}
SPRING = {"start": "2013-03-01", "end": "2013-05-31"}

CASES = [
    # a day among years, months, days and times
    (DAY, "2013", True), (DAY, "2013-03", True), (DAY, "2013-03-14", True), (DAY, "2013-03-14T10:30", False),
    (DAY, "eq2013-03-14T00:00:00Z", False), (DAY, "eq2012", False), (DAY, "eq2013-03-15", False),
    (DAY, "ne2013", False), (DAY, "ne2013-03-14", False), (DAY, "ne2013-03-14T10:30", True), (DAY, "ne2014", True),
    (DAY, "gt2013-03-13", True), (DAY, "gt2013-03-14", False), (DAY, "gt2013-03-14T10:00:00Z", True),
    (DAY, "gt2013", False), (DAY, "gt2012", True), (DAY, "gt2013-03", False),
    (DAY, "lt2013-03-15", True), (DAY, "lt2013-03-14", False), (DAY, "lt2013-03-14T10:00:00Z", True),
    (DAY, "lt2013", False), (DAY, "lt2014", True),
    (DAY, "ge2013-03-14", True), (DAY, "ge2013-03-15", False), (DAY, "ge2013", True),
    (DAY, "ge2013-03-14T10:00Z", True),
    (DAY, "le2013-03-14", True), (DAY, "le2013-03-13", False), (DAY, "le2013", True),
    (DAY, "le2013-03-14T10:00Z", True),
    (DAY, "sa2013-03-13", True), (DAY, "sa2013-03-14", False), (DAY, "sa2013-03-13T23:59:59Z", True),
    (DAY, "sa2013-03-14T00:00:00Z", False),
    (DAY, "eb2013-03-15", True), (DAY, "eb2013-03-14", False), (DAY, "eb2013-03-15T00:00:00Z", True),
    (DAY, "eb2013-03-14T23:59:59Z", False),
    (DAY, "ap2013-03-14", True), (DAY, "ap2013-09", True), (DAY, "ap2016", False), (DAY, "ap2012-02", True),
    # a value less precise than what is asked for
    (YEAR, "2013", True), (YEAR, "2013-03", False), (YEAR, "gt2013-03-14", True), (YEAR, "lt2013-03-14", True),
    (YEAR, "ge2013-03-14", True), (YEAR, "le2013-03-14", True), (YEAR, "sa2012-12", True),
    (YEAR, "sa2013-01-01", False),
    (YEAR, "eb2014-01-01", True), (YEAR, "eb2013-12-31", False), (YEAR, "ne2013-03", True),
    (MONTH, "2013", True), (MONTH, "2013-03", True), (MONTH, "2013-03-14", False), (MONTH, "gt2013-03-30", True),
    (MONTH, "gt2013-03-31", False), (MONTH, "lt2013-03-01", False), (MONTH, "lt2013-03-02", True),
    (MONTH, "ge2013-03-31", False), (MONTH, "le2013-03-01", False), (MONTH, "ge2013-03-30", True),
    # times: minutes, seconds, fractions
    (MINUTE, "2013-03-14T10:30", True), (MINUTE, "2013-03-14", True), (MINUTE, "2013-03-14T10:30:15Z", False),
    (SECOND, "2013-03-14T10:30", True), (SECOND, "2013-03-14T10:30:15Z", True),
    (SECOND, "2013-03-14T10:30:15.25Z", False),
    (SECOND, "gt2013-03-14T10:30:15Z", False), (SECOND, "gt2013-03-14T10:30:14Z", True),
    (SECOND, "gt2013-03-14T10:29", True),
    (SECOND, "lt2013-03-14T10:30:16Z", True), (SECOND, "sa2013-03-14T10:30", False),
    (SECOND, "eb2013-03-14T10:31", True),
    (SECOND, "ge2013-03-14T10:30:15Z", True), (SECOND, "le2013-03-14T10:30:15Z", True),
    (MILLI, "2013-03-14T10:30:15.250Z", True), (MILLI, "2013-03-14T10:30:15Z", True),
    (MILLI, "2013-03-14T10:30:15.25Z", True),
    (MILLI, "2013-03-14T10:30:15.251Z", False), (MILLI, "gt2013-03-14T10:30:15.249Z", True),
    (MILLI, "gt2013-03-14T10:30:15Z", False), (MILLI, "sa2013-03-14T10:30:14Z", True),
    # zones: a value with one is an instant; one without is UTC; a bare day is never shifted
    (SECOND, "2013-03-14T11:30:15+01:00", True), (SECOND, "2013-03-14T05:30:15-05:00", True),
    (SECOND, "2013-03-14T11:30:15 01:00", True), (SECOND, "2013-03-14T10:30:15+01:00", False),
    (ZONED, "2013-03-13", True), (ZONED, "2013-03-14", False), (ZONED, "2013-03-13T23:30:00Z", True),
    (ZONED, "lt2013-03-14", True), (DAY, "eq2013-03-14T00:00:00+01:00", False),
    # periods open at one end
    (OPEN_END, "2013", False), (OPEN_END, "gt2013-03-14", True), (OPEN_END, "ge2013-03-14", True),
    (OPEN_END, "gt2030", True), (OPEN_END, "lt2013-01-21", False), (OPEN_END, "lt2013-01-22", True),
    (OPEN_END, "le2013-01-20", False), (OPEN_END, "sa2013-01-20", True), (OPEN_END, "sa2013-03-14", False),
    (OPEN_END, "eb2030", False), (OPEN_END, "ne2013", True), (OPEN_END, "ap2020", True),
    (OPEN_END, "lt9999-12-31", True),
    (OPEN_START, "2013", False), (OPEN_START, "lt2013-03-14", True), (OPEN_START, "le2013-03-14", True),
    (OPEN_START, "lt0001", True), (OPEN_START, "gt2013-01-21", False), (OPEN_START, "gt2013-01-20", True),
    (OPEN_START, "eb2013-01-22", True), (OPEN_START, "eb2013-01-21", False), (OPEN_START, "sa0001", False),
    (OPEN_START, "ge2013-01-21", False), (OPEN_START, "ge2013-01-20", True),
    # periods with both ends
    (SPRING, "2013", True), (SPRING, "2013-03", False), (SPRING, "ge2013-05-31", False), (SPRING, "gt2013-05-30", True),
    (SPRING, "ge2013", True), (SPRING, "le2013", True), (SPRING, "sa2013-02", True), (SPRING, "eb2013-06", True),
    (SPRING, "sa2013-03-01", False), (SPRING, "eb2013-05", False), (SPRING, "lt2013-03-01", False),
    (SPRING, "lt2013-04", True),
]  # fmt: skip

# With now at 2026-03-09: ten years away is a year of tolerance, one day away two hours and a half.
APPROXIMATE = [
    ("2016-03-01", "ap2016-03-09", True), ("2015-04-01", "ap2016-03-09", True), ("2015-02-01", "ap2016-03-09", False),
    ("2017-02-01", "ap2016-03-09", True), ("2017-04-01", "ap2016-03-09", False),
    ("2026-03-08", "ap2026-03-09", False), ("2026-03-09", "ap2026-03-09", True), ("2026-03-10", "ap2026-03-09", False),
    ("2026-03-09T01:00:00Z", "ap2026-03-08", True), ("2026-03-09T02:00:00Z", "ap2026-03-08", False),
    ("2036-01-01", "ap2036-03-09", True), ("2034-01-01", "ap2036-03-09", False),
]  # fmt: skip


def _identify(value: object) -> str:
    return "v-" + "".join(char if char.isalnum() else "-" for char in str(value))[:60].strip("-")


@pytest.fixture(scope="module")
async def filled(module_shelf):
    for value in {_identify(value): value for value, *_ in CASES + APPROXIMATE}.values():
        if isinstance(value, str):
            await module_shelf.put({"resourceType": "Consent", "id": _identify(value), "dateTime": value})
        else:
            await module_shelf.put({"resourceType": "CarePlan", "id": _identify(value), "period": value})
    await module_shelf.put({"resourceType": "Consent", "id": "without"})
    return module_shelf


@pytest.mark.parametrize(("value", "asked", "expected"), CASES + APPROXIMATE)
async def test_a_date_matches_by_the_rules_of_its_prefix(filled, value, asked: str, expected: bool) -> None:
    found = await filled.ids("Consent" if isinstance(value, str) else "CarePlan", ("date", asked))
    assert (_identify(value) in found) is expected
    assert "without" not in found


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2026-01-05T10:00:00.123Z", True),
        ("2026-01-05T10:00:00Z", True),
        ("2026-01", True),
        ("ne2026-01-05", False),
        ("gt2026-01-05T10:00:00.122Z", True),
        ("gt2026-01-05T10:00:00.123Z", False),
        ("ge2026-01-05T10:00:00.123Z", True),
        ("lt2026-01-05T10:00:00.123Z", False),
        ("le2026-01-05T10:00:00.123Z", True),
        ("sa2026-01-04", True),
        ("eb2026-01-05", False),
        ("ap2026-01-06", True),
        ("gt0001", True),
        ("lt9999-12-31T23:59:59-14:00", True),
    ],
)
async def test_last_updated_is_compared_as_the_time_of_the_version(shelf, asked: str, expected: bool) -> None:
    await shelf.put({"resourceType": "Consent", "id": "a"}, updated=datetime(2026, 1, 5, 10, 0, 0, 123_456, tzinfo=UTC))
    assert await shelf.ids("Consent", ("_lastUpdated", asked)) == (["a"] if expected else [])
