"""When a dateTime without a zone begins and ends: a day, month or year in Europe/London."""

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
    return _in_london(date_time, (span(date_time) or (0, 0))[0])


def latest(date_time: str) -> int:
    """The end of a valid FHIR dateTime: the first instant after it."""
    return _in_london(date_time, (span(date_time) or (0, 0))[1])


def _in_london(date_time: str, midnight: int) -> int:
    if "T" in date_time:
        return midnight
    try:
        begins = (_EPOCH + timedelta(microseconds=midnight)).replace(tzinfo=_LONDON)
    except OverflowError:  # the end of the year 9999
        return midnight
    return midnight - (begins.utcoffset() or timedelta()) // _MICROSECOND
