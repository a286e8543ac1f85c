"""The day the demo is told from: every date in it is counted from here, and all can be moved to another day."""

import re
from datetime import date, timedelta
from typing import Any

import orjson

ANCHOR = date(2026, 3, 3)
_DATE = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}(?=T|\b)")


def day(offset: int) -> str:
    """The date that many days after the anchor (before it when negative), as a FHIR date."""
    return (ANCHOR + timedelta(days=offset)).isoformat()


def instant(offset: int, time: str = "10:00") -> str:
    """A moment of that day, hours and minutes in UTC, as a FHIR dateTime."""
    return f"{day(offset)}T{time}:00Z"


def year_of(age: int) -> int:
    """The year in which somebody was born who is that old, or one year younger, on the anchor."""
    return ANCHOR.year - age


def moved(resources: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """The same resources told from another day: every date in them that many days later, birthdays too."""
    days = today - ANCHOR
    later = _DATE.sub(lambda found: str(date.fromisoformat(found[0]) + days), orjson.dumps(resources).decode())
    found: list[dict[str, Any]] = orjson.loads(later)
    return found
