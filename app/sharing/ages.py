"""Ages, judged for the youngest that the record allows (the sharing decision, section 3)."""

import re
from calendar import isleap, monthrange
from functools import lru_cache
from typing import Any, Final

from app.sharing.times import FOREVER, Span, span

_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_FEBRUARY, _LEAP_DAY = 2, 29


def reaches(birth_date: Any, years: int) -> int | None:
    """When somebody born then reaches an age, at the latest: midnight in London of that birthday.

    None when there is no birth date; FOREVER when it cannot be read, so that nobody grows up by a slip of the pen.
    Somebody born on 29 February has a birthday on 1 March when the year has no such day.
    """
    if birth_date is None:
        return None
    return _birthday(birth_date, years) if isinstance(birth_date, str) else FOREVER


def born(birth_date: Any) -> Span | None:
    """The days on which somebody may have been born; None when that is not known."""
    return span(birth_date)


@lru_cache(maxsize=4096)
def _birthday(birth_date: str, years: int) -> int:
    match = _DATE.fullmatch(birth_date)
    if not match or span(birth_date) is None:
        return FOREVER
    year, month = int(match[1]), int(match[2] or 12)
    day = int(match[3]) if match[3] else monthrange(year, month)[1]
    year += years
    if (month, day) == (_FEBRUARY, _LEAP_DAY) and not isleap(year):
        month, day = 3, 1
    birthday = span(f"{year:04}-{month:02}-{day:02}")
    return birthday.low if birthday else FOREVER
