"""Times for the slow search of oracle.py: what an element covers, and how a value compares with that."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

OPEN = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))


def span(element: Any) -> tuple[datetime, datetime]:
    if isinstance(element, dict):
        start = span(element["start"])[0] if "start" in element else OPEN[0]
        end = span(element["end"])[1] if "end" in element else OPEN[1]
        return start, end
    parts = [int(part) for part in element.split("-")]
    if len(parts) == 1:
        return _day(parts[0], 1, 1), _day(parts[0] + 1, 1, 1)
    if len(parts) == 2:
        year, month = parts
        return _day(year, month, 1), _day(year + month // 12, month % 12 + 1, 1)
    start = _day(*parts)
    return start, start + timedelta(days=1)


def _day(year: int, month: int, day: int) -> datetime:
    return datetime.combine(date(year, month, day), datetime.min.time(), UTC)


def compares(value: str, has: tuple[datetime, datetime]) -> bool:
    prefix, text = (value[:2], value[2:]) if value[:2].isalpha() else ("eq", value)
    low, high = span(text)
    return {
        "eq": low <= has[0] and has[1] <= high,
        "ne": not (low <= has[0] and has[1] <= high),
        "gt": has[1] > high,
        "lt": has[0] < low,
        "ge": has[1] > high or (low <= has[0] and has[1] <= high),
        "le": has[0] < low or (low <= has[0] and has[1] <= high),
        "sa": has[0] >= high,
        "eb": has[1] <= low,
    }[prefix]
