"""Times as whole microseconds since 1970-01-01T00:00:00Z: what search keys, cursors and decisions are counted in."""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def moment(at: datetime) -> int:
    """An aware time in microseconds."""
    return (at - _EPOCH) // _MICROSECOND


def instant(at: int) -> datetime | None:
    """Microseconds as an aware time, in UTC; None beyond the years that there are."""
    try:
        return _EPOCH + at * _MICROSECOND
    except OverflowError:
        return None
