"""Date parameters: every value is a time span [low, high) as long as its own precision.

Times are microseconds since 1970-01-01T00:00:00Z. A value without a zone is taken as UTC and never shifted.
https://hl7.org/fhir/R4/search.html#date
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as day
from datetime import datetime
from typing import Any, Final, Literal, get_args

from app.fhir.moments import moment

# The ends of an open period: the extremes of a PostgreSQL bigint.
EARLIEST: Final = -(2**63)
LATEST: Final = 2**63 - 1

Span = tuple[int, int]

Prefix = Literal["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"]
PREFIXES: Final[tuple[Prefix, ...]] = get_args(Prefix)

_PREFIXED: Final = re.compile(r"([a-z]{2})?(.*)", re.DOTALL)
_PLUS: Final = re.compile(r"(T.*) ([0-9]{2}:[0-9]{2})", re.DOTALL)
_SECOND: Final = 1_000_000
_MINUTE: Final = 60 * _SECOND
_DAY: Final = 24 * 60 * _MINUTE
_EPOCH: Final = day(1970, 1, 1).toordinal()
_FRACTION_DIGITS: Final = 6
# As most systems write a time: Python reads that itself, in a third of the time.
_TO_THE_SECOND: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z", re.ASCII)
_VALUE: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,30}))?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)


def span(text: str) -> Span | None:
    """The time that a date, dateTime or instant covers; None when the text is none, or no such day exists."""
    if _TO_THE_SECOND.fullmatch(text):
        return _to_the_second(text)
    match = _VALUE.fullmatch(text)
    if not match:
        return None
    year, month, date, hour, minute, second, fraction, zone = match.groups()
    days = _days(int(year), month, date)
    if days is None or hour is None:
        return days and (days[0] * _DAY, days[1] * _DAY)
    time, shift = _time(int(hour), int(minute), second, fraction), _zone(zone)
    if time is None or shift is None:
        return None
    start = days[0] * _DAY - shift
    return start + time[0], start + time[1]


def _to_the_second(text: str) -> Span | None:
    try:
        start = moment(datetime.fromisoformat(text))
    except ValueError:  # there is no such day
        return None
    return start, start + _SECOND


def keys(element: Any) -> Iterator[Span]:
    """The time that a date, dateTime, instant, Period or Timing covers; of a Timing only the outer limits matter."""
    covered = _of(element)
    if covered:
        yield covered


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that is looked for: a prefix and [low, high), for `ap` already widened."""

    prefix: Prefix
    low: int
    high: int


def parse(text: str, now: int) -> Moment:
    """One alternative, such as "ge2026-03"; `now` (microseconds) is what `ap` measures from.

    `ap` widens the time by a tenth of its distance to now, on both sides. A space where a zone begins is a '+' that
    was not percent-encoded. ValueError says what is wrong.
    """
    prefix, value = _PREFIXED.fullmatch(text).groups()  # type: ignore[union-attr]  # it matches every text
    covered = span(_PLUS.sub(r"\1+\2", value))
    if covered is None or (prefix and prefix not in PREFIXES):
        raise ValueError(
            "takes a date such as 2026, 2026-03, 2026-03-09, 2026-03-09T10:30 or 2026-03-09T10:30:00+01:00,"
            f" after one of the prefixes {', '.join(PREFIXES)} or none."
        )
    low, high = covered
    if prefix == "ap":
        tenth = max(low - now, now - high, 0) // 10
        low, high = low - tenth, high + tenth
    return Moment(prefix or "eq", low, high)


def _of(element: Any) -> Span | None:
    if isinstance(element, str):
        return span(element)
    if not isinstance(element, dict):
        return None
    if "event" in element or "repeat" in element:
        return _timing(element)
    return _period(element)


def _period(period: Any) -> Span | None:
    if not isinstance(period, dict):
        return None
    start, end = (span(period[name]) if isinstance(period.get(name), str) else None for name in ("start", "end"))
    if start is None and end is None:
        return None
    return start[0] if start else EARLIEST, end[1] if end else LATEST


def _timing(timing: dict[str, Any]) -> Span | None:
    events, repeat = timing.get("event"), timing.get("repeat")
    spans = [span(event) for event in events if isinstance(event, str)] if isinstance(events, list) else []
    if isinstance(repeat, dict):
        spans.append(_period(repeat.get("boundsPeriod")))
    found = [covered for covered in spans if covered]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else None


def _days(year: int, month: str | None, date: str | None) -> Span | None:
    """Days since the epoch, [first, last + 1), of a day, month or year; None when there is no such day."""
    try:
        first = day(year, int(month or 1), int(date or 1))
    except ValueError:
        return None
    last = first if date else _last_of_month(year, int(month or 12))
    return first.toordinal() - _EPOCH, last.toordinal() + 1 - _EPOCH


def _last_of_month(year: int, month: int) -> day:
    return day(year, month, monthrange(year, month)[1])


def _time(hour: int, minute: int, second: str | None, fraction: str | None) -> Span | None:
    """Microseconds of the day, [low, high). Second 60 is a leap second; digits after the sixth are below our unit."""
    if hour > 23 or minute > 59 or int(second or 0) > 60:  # noqa: PLR2004  # a clock
        return None
    low = (hour * 60 + minute) * _MINUTE + int(second or 0) * _SECOND
    if second is None:
        return low, low + _MINUTE
    if fraction is None:
        return low, low + _SECOND
    digits = fraction[:_FRACTION_DIGITS]
    unit = 10 ** (_FRACTION_DIGITS - len(digits))
    return low + int(digits) * unit, low + (int(digits) + 1) * unit


def _zone(zone: str | None) -> int | None:
    """Microseconds east of UTC; none is UTC. Fourteen hours is the furthest zone there is."""
    if zone is None or zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if hours * 60 + minutes > 14 * 60 or minutes > 59:  # noqa: PLR2004  # a clock
        return None
    return (-1 if zone[0] == "-" else 1) * (hours * 60 + minutes) * _MINUTE
