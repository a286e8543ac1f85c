"""Times: every date is an interval, partial ones in Europe/London (the sharing decision, sections 3 and 6.1).

All times are whole microseconds since 1970-01-01T00:00:00Z, so that the years 1 and 9999 need no special care. An
interval is [low, high). Its end covers the whole second. A time of day without a zone cannot be read.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from app.fhir import moments
from app.fhir.checks.london import earliest, latest
from app.fhir.search.date import EARLIEST, LATEST
from app.fhir.search.date import span as utc_span
from app.sharing.reading import Json, text

LONDON: Final = ZoneInfo("Europe/London")
BEGINNING: Final = EARLIEST
FOREVER: Final = LATEST
SECOND: Final = 1_000_000
HOUR: Final = 3600 * SECOND
DAY: Final = 24 * HOUR

_PARTIAL: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_ZONED: Final = re.compile(r".*T.*(Z|[+-][0-9]{2}:[0-9]{2})", re.DOTALL)


class Span(NamedTuple):
    """An interval [low, high)."""

    low: int
    high: int

    def holds(self, at: int) -> bool:
        return self.low <= at < self.high

    def meets(self, other: "Span") -> bool:
        return self.low < other.high and other.low < self.high

    def contains(self, other: "Span") -> bool:
        return self.low <= other.low and other.high <= self.high


ALWAYS: Final = Span(BEGINNING, FOREVER)
# As all rooms count time.
moment, instant = moments.moment, moments.instant


@lru_cache(maxsize=8192)
def _span(written: str) -> Span | None:
    partial = _PARTIAL.fullmatch(written)
    if not partial and not _ZONED.fullmatch(written):
        return None
    found = utc_span(written)
    if found is None:
        return None
    low, high = (earliest(written), latest(written)) if partial else found
    return Span(low, -(-high // SECOND) * SECOND)


def span(written: Any) -> Span | None:
    """The interval that a date, dateTime or instant covers; None when it cannot be read."""
    return _span(written) if isinstance(written, str) else None


def boundaries(limits: Iterable[int]) -> tuple[int, ...]:
    """Of these limits the times there are, each once and in order: without the end of what lasts for ever."""
    return tuple(sorted({limit for limit in limits if limit < FOREVER}))


def after(boundaries: tuple[int, ...], at: int) -> tuple[int, ...]:
    """Those of these times, which are in order, that come after another."""
    return boundaries[bisect_right(boundaries, at) :]


def is_partial(written: Any) -> bool:
    """Whether this is a date without a time of day."""
    return _PARTIAL.fullmatch(text(written)) is not None


def period(value: Any) -> Span | None:
    """The interval that a Period covers, ALWAYS when there is none; None when it cannot be read or ends first."""
    if value is None:
        return ALWAYS
    if not isinstance(value, dict):
        return None
    low, high = _limit(value, "start"), _limit(value, "end")
    if low is None or high is None or low.low >= high.high:
        return None
    return Span(low.low, high.high)


def widest(value: Any) -> Span:
    """As `period`, but a limit that cannot be read is none: for what restricts."""
    known = value if isinstance(value, dict) else {}
    low, high = _limit(known, "start"), _limit(known, "end")
    found = Span(low.low if low else BEGINNING, high.high if high else FOREVER)
    return found if found.low < found.high else ALWAYS


def _limit(value: Json, name: str) -> Span | None:
    """A limit of a period, open when it is absent, None when something is there that is no date."""
    if name in value or f"_{name}" in value:
        return span(value.get(name))
    return ALWAYS
