"""When a dateTime without a zone begins: a day, month or year in Europe/London."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.fhir.search.date import span

LONDON: Final = ZoneInfo("Europe/London")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PARTS: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def earliest(date_time: str) -> datetime:
    """The first instant of a valid FHIR dateTime, aware."""
    parts = _PARTS.fullmatch(date_time)
    if parts:
        return datetime(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1), tzinfo=LONDON)
    return _EPOCH + timedelta(microseconds=(span(date_time) or (0, 0))[0])
