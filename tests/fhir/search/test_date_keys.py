"""Values of dates as [low, high)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fhir.search.date import EARLIEST, LATEST, keys, span

SECOND = 1_000_000
DAY = 86_400 * SECOND


def at(text: str) -> int:
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
        microseconds=1
    )


@pytest.mark.parametrize(
    ("text", "low", "length"),
    [
        ("2026", at("2026-01-01"), 365 * DAY),
        ("2024", at("2024-01-01"), 366 * DAY),
        ("2024-02", at("2024-02-01"), 29 * DAY),
        ("2026-12", at("2026-12-01"), 31 * DAY),
        ("2026-03-09", at("2026-03-09"), DAY),
        ("2026-03-09T10:30", at("2026-03-09 10:30:00"), 60 * SECOND),
        ("2026-03-09T10:30:15", at("2026-03-09 10:30:15"), SECOND),
        ("2026-03-09T10:30:15Z", at("2026-03-09 10:30:15"), SECOND),
        ("2026-03-09T10:30:15.5Z", at("2026-03-09 10:30:15.500000"), 100_000),
        ("2026-03-09T10:30:15.123Z", at("2026-03-09 10:30:15.123000"), 1_000),
        ("2026-03-09T10:30:15.123456789Z", at("2026-03-09 10:30:15.123456"), 1),
        ("2026-03-09T10:30:15+01:00", at("2026-03-09 09:30:15"), SECOND),
        ("2026-03-09T23:30:15-05:00", at("2026-03-10 04:30:15"), SECOND),
        ("2016-12-31T23:59:60Z", at("2017-01-01"), SECOND),
        ("0001-01-01", at("0001-01-01"), DAY),
        ("9999", at("9999-01-01"), 365 * DAY),
        ("9999-12-31", at("9999-12-31"), DAY),
        ("9999-12-31T23:59:59-14:00", at("9999-12-31 23:59:59") + 14 * 3600 * SECOND, SECOND),
        ("0001-01-01T00:00:00+14:00", at("0001-01-01") - 14 * 3600 * SECOND, SECOND),
    ],
)
def test_a_value_covers_its_own_precision(text: str, low: int, length: int) -> None:
    assert span(text) == (low, low + length)


@pytest.mark.parametrize(
    "text",
    ["", "26", "2026-13", "2026-02-30", "2026-00", "2026-01-00", "0000", "2026-1-1", "2026-03-09T10",
     "2026-03-09T24:00:00Z",
     "2026-03-09T10:60Z", "2026-03-09T10:30:61Z", "2026-03-09T10:30:00+15:00", "2026-03-09T10:30:00+01:75",
     "2026-03-09t10:30:00z",
     "2026-03-09 10:30:00Z", "\u0662\u0660\u0662\u0666", "2026-03-09Z", "2026-03-09T10:30:00.Z", " 2026", "2026\n"],
)  # fmt: skip
def test_what_is_no_date_covers_nothing(text: str) -> None:
    assert span(text) is None


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ({"start": "2026-03-01", "end": "2026-03-31"}, (at("2026-03-01"), at("2026-04-01"))),
        ({"start": "2026-03-01"}, (at("2026-03-01"), LATEST)),
        ({"end": "2026-03-31"}, (EARLIEST, at("2026-04-01"))),
        ({"event": ["2026-03-09", "2026-03-01",
        "2026-04-01T10:00:00Z"]}, (at("2026-03-01"), at("2026-04-01 10:00:01"))),
        ({"repeat": {"boundsPeriod": {"start": "2026-03-01"}, "frequency": 2}}, (at("2026-03-01"), LATEST)),
        ({"event": ["2026-02-01"], "repeat": {"boundsPeriod": {"start": "2026-03-01", "end": "2026-03-02"}}},
         (at("2026-02-01"), at("2026-03-03"))),
    ],
)  # fmt: skip
def test_a_period_is_open_at_its_missing_end_and_a_timing_is_its_outer_limits(element, expected) -> None:
    assert list(keys(element)) == [expected]


@pytest.mark.parametrize(
    "element",
    [{}, {"repeat": {"boundsDuration": {"value": 3, "unit": "d"}}}, {"repeat": {"frequency": 1}}, {"event": []},
     {"code": {"text": "daily"}}, {"extension": []}, None, 3, True],
)  # fmt: skip
def test_what_has_no_dates_gives_no_key(element) -> None:
    assert list(keys(element)) == []


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_time_of_the_calendar_covers_one_microsecond(moment: datetime) -> None:
    low, high = span(moment.strftime("%Y").zfill(4) + moment.strftime("-%m-%dT%H:%M:%S.%fZ")) or (0, 0)
    assert low == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert high == low + 1


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}(T[0-9:.+Z-]{0,20})?", fullmatch=True))
def test_no_text_raises(text: str) -> None:
    covered = span(text)
    assert covered is None or EARLIEST < covered[0] < covered[1] < LATEST


@pytest.mark.parametrize(
    "day", ["0000-01-01", "0001-01-01", "1969-12-31", "2024-02-29", "2026-02-29", "2026-13-01", "9999-12-31"]
)
@pytest.mark.parametrize("time", ["00:00:00", "10:30:59", "23:59:59", "24:00:00", "10:60:00", "23:59:60"])
def test_a_time_in_utc_is_the_same_however_utc_is_written(day, time):
    assert span(f"{day}T{time}Z") == span(f"{day}T{time}+00:00")
