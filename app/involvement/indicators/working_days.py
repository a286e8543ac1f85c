"""Working days, as the calendar in London has them. Bank holidays are a setting: they differ between the nations."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from app.sharing.times import LONDON, Span, instant, span

_FRIDAY: Final = 4
_DAY: Final = timedelta(days=1)


def london_day(at: int) -> date | None:
    """The day in London at a time (microseconds); None beyond the years that there are."""
    found: datetime | None = instant(at)
    return found.astimezone(LONDON).date() if found else None


def end_after(at: int, days: int, holidays: Collection[date]) -> int | None:
    """The end of the last of so many working days after the day of a time; None beyond the years that there are.

    The day itself does not count. Days begin and end at midnight in London, on days when clocks change too.
    """
    day = london_day(at)
    left = days
    while day is not None and left:
        day = _next(day)
        if day is not None and day.weekday() <= _FRIDAY and day not in holidays:
            left -= 1
    whole: Span | None = span(day.isoformat()) if day else None
    return whole.high if whole else None


def _next(day: date) -> date | None:
    return day + _DAY if day < date.max else None
