"""When a dateTime without a zone begins: a day, month or year in Europe/London."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.fhir.search.date import span

_LONDON: Final = ZoneInfo("Europe/London")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def microseconds(instant: datetime) -> int:
    """Microseconds from 1970-01-01T00:00:00Z to an aware datetime."""
    return (instant - _EPOCH) // _MICROSECOND


def earliest(date_time: str) -> int:
    """The first instant of a valid FHIR dateTime, in microseconds since 1970-01-01T00:00:00Z."""
    start, _ = span(date_time) or (0, 0)
    if "T" in date_time:
        return start
    year, month, day = (int(part) for part in f"{date_time}-01-01".split("-")[:3])
    ahead = datetime(year, month, day, tzinfo=_LONDON).utcoffset() or timedelta()
    return start - ahead // _MICROSECOND
