"""When a dateTime without a zone begins and ends: a day, month or year in Europe/London."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.fhir.moments import instant, moment
from app.fhir.search.date import span

_LONDON: Final = ZoneInfo("Europe/London")
_MICROSECOND: Final = timedelta(microseconds=1)
_CLOCKS_DIFFER: Final = timedelta(minutes=5)


def earliest(date_time: str) -> int:
    """The first instant of a valid FHIR dateTime, in microseconds since 1970-01-01T00:00:00Z."""
    return _in_london(date_time, (span(date_time) or (0, 0))[0])


def latest(date_time: str) -> int:
    """The end of a valid FHIR dateTime: the first instant after it."""
    return _in_london(date_time, (span(date_time) or (0, 0))[1])


def lies_ahead(date_time: str, now: datetime) -> bool:
    """Whether a valid FHIR dateTime begins after `now`, by more than the clocks of two systems differ."""
    return earliest(date_time) > moment(now + _CLOCKS_DIFFER)


def _in_london(date_time: str, midnight: int) -> int:
    begins = None if "T" in date_time else instant(midnight)
    if begins is None:  # it has a zone of its own, or is the end of the year 9999
        return midnight
    return midnight - (begins.replace(tzinfo=_LONDON).utcoffset() or timedelta()) // _MICROSECOND
