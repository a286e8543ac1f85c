"""The day the demo is told from: every date in it is counted from here, so that the data never changes."""

from datetime import date, timedelta

ANCHOR = date(2026, 3, 3)


def day(offset: int) -> str:
    """The date that many days after the anchor (before it when negative), as a FHIR date."""
    return (ANCHOR + timedelta(days=offset)).isoformat()


def instant(offset: int, time: str = "10:00") -> str:
    """A moment of that day, hours and minutes in UTC, as a FHIR dateTime."""
    return f"{day(offset)}T{time}:00Z"


def year_of(age: int) -> int:
    """The year in which somebody was born who is that old, or one year younger, on the anchor."""
    return ANCHOR.year - age
