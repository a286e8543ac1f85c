"""Working days, as the calendar in London has them. Bank holidays are a setting: they differ between the nations."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from app.sharing.times import LONDON, Span, instant, span

_FRIDAY: Final = 4
_DAY: Final = timedelta(days=1)


def london_day(at: int) -> date | None:
    """The day in London at a time (microseconds); None beyond the years that there are."""
    found: datetime | None = instant(at)
    return found.astimezone(LONDON).date() if found else None


def end_after(at: int, days: int, holidays: frozenset[date]) -> int | None:
    """The end of the last of so many working days after the day of a time; None beyond the years that there are.

    The day itself does not count. Days begin and end at midnight in London, on days when clocks change too.
    """
    first = london_day(at)
    return _end_after(first, days, holidays) if first else None


@lru_cache(maxsize=1024)
def _end_after(first: date, days: int, holidays: frozenset[date]) -> int | None:
    day: date | None = first
    left = days
    while day is not None and left:
        day = _next(day)
        if day is not None and day.weekday() <= _FRIDAY and day not in holidays:
            left -= 1
    whole: Span | None = span(day.isoformat()) if day else None
    return whole.high if whole else None


def _next(day: date) -> date | None:
    return day + _DAY if day < date.max else None
