"""Times as whole microseconds since 1970 in UTC, so that nothing overflows: the years 1 to 9999 all fit."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
ALWAYS = 10**20  # later than any time that can be written

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d))?)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """What a FHIR date, dateTime or instant covers: its first and its last microsecond."""

    first: int
    last: int
    timed: bool

    @property
    def end(self) -> int:
        """'An end instant covers its whole second.'"""
        return self.first - self.first % SECOND + SECOND - 1 if self.timed else self.last


def span(text: Any) -> Span | None:
    """'a date without time covers the whole day, month or year in Europe/London'; None for what is no date."""
    return _span(text) if isinstance(text, str) else None


@lru_cache(maxsize=10_000)
def _span(text: str) -> Span | None:
    match = _FORM.fullmatch(text)
    if not match:
        return None
    try:
        return _timed(match) if match[4] else _partial(match)
    except ValueError:
        return None


def _timed(match: re.Match[str]) -> Span:
    hour, minute, second = int(match[4]), int(match[5]), int(match[6])
    fraction = int(((match[7] or "") + "000000")[:6])
    sign = -1 if match[8].startswith("-") else 1
    shift = 0 if match[8] == "Z" else sign * (int(match[8][1:3]) * 60 + int(match[8][4:6])) * 60
    days = date(int(match[1]), int(match[2]), int(match[3])).toordinal() - _EPOCH.toordinal()
    at = ((days * 24 + hour) * 60 + minute) * 60 + second - shift
    return Span(at * SECOND + fraction, at * SECOND + fraction, timed=True)


def _partial(match: re.Match[str]) -> Span:
    first, after = days(match[0])
    return Span(midnight(first), (midnight(after) if after else ALWAYS) - 1, timed=False)


def days(text: str) -> tuple[date, date | None]:
    """The first day of a date of any precision, and the day after its last; None after the end of the year 9999."""
    parts = [int(part) for part in text[:10].split("-")]
    first = date(*parts, *[1] * (3 - len(parts)))
    try:
        match len(parts):
            case 1:
                after = date(first.year + 1, 1, 1)
            case 2:
                after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
            case _:
                after = first + timedelta(days=1)
    except (ValueError, OverflowError):
        return first, None
    return first, after


def midnight(day: date) -> int:
    """When a day begins in London."""
    local = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    offset = local.utcoffset() or timedelta()
    return ((day.toordinal() - _EPOCH.toordinal()) * 86400) * SECOND - offset // timedelta(microseconds=1)


@lru_cache(maxsize=10_000)
def birthday(text: str, years: int) -> int | None:
    """When somebody of this birth date comes of that age in London, at the latest that the record allows."""
    try:
        _, after = days(text)
    except ValueError:
        return None
    if after is None:
        return ALWAYS
    youngest = after - timedelta(days=1)
    if youngest.year + years > date.max.year:
        return ALWAYS
    try:
        return midnight(youngest.replace(year=youngest.year + years))
    except ValueError:  # born on 29 February
        return midnight(date(youngest.year + years, 3, 1))


def of(moment: datetime) -> int:
    """A moment as microseconds."""
    offset = moment.utcoffset() or timedelta()
    return (moment.replace(tzinfo=UTC) - _EPOCH - offset) // timedelta(microseconds=1)


def moment(at: int) -> datetime | None:
    """Microseconds as a moment; None beyond the calendar."""
    try:
        return _EPOCH + timedelta(microseconds=at)
    except OverflowError:
        return None


def is_readable(period: Any) -> bool:
    """'A period that ends before it starts cannot be read', nor one with a limit that is no date or is not told."""
    said = {name.lstrip("_") for name in period or ()} & {"start", "end"}
    return all(span(period.get(name)) for name in said) and not _is_backwards(period or {})


def start_of(period: Any) -> int:
    """When a Period begins, at the earliest; an open one always did, and so may one that ends before that."""
    begins = span((period or {}).get("start"))
    return begins.first if begins and not _is_backwards(period) else -ALWAYS


def end_of(period: Any) -> int:
    """The last microsecond of a Period, at the latest; an open one never ends, and one that ends first may not."""
    ends = span((period or {}).get("end"))
    return ends.end if ends and not _is_backwards(period) else ALWAYS


def _is_backwards(period: Any) -> bool:
    begins, ends = span(period.get("start")), span(period.get("end"))
    return bool(begins and ends and ends.end < begins.first)


def contains(period: Any, at: int) -> bool:
    """'containing `at` (inclusive)': what lets somebody in must be readable."""
    return is_readable(period) and may_contain(period, at)


def may_contain(period: Any, at: int) -> bool:
    """Likewise, for what restricts: one that cannot be read holds back, at the widest."""
    return start_of(period) <= at <= end_of(period)


def covers(period: Any, whole: Span) -> bool:
    """Whether all of a time lies within a Period."""
    return is_readable(period) and start_of(period) <= whole.first and whole.end <= end_of(period)
