"""What a history is asked: https://hl7.org/fhir/R4/http.html#history"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from app.fhir.moments import instant
from app.fhir.search import date, result
from app.fhir.search.date import Span
from app.fhir.search.query import Limits
from app.fhir.search.refusal import invalid, unsupported

KNOWN = ("_since", "_at", "_sort", "_count", "_cursor", "_format", "_pretty")
_ORDERS = {"-_lastUpdated": False, "_lastUpdated": True}


@dataclass(slots=True)
class Asked:
    """The parameters of a history: `at` are the ends of a time, [low, high); `said` is what the links repeat."""

    count: int
    since: datetime | None = None
    at: tuple[datetime, datetime] | None = None
    oldest_first: bool = False
    cursor: str | None = None
    said: tuple[tuple[str, str], ...] = ()

    def fingerprint(self, name: str) -> str:
        """What tells the history of `name` that is asked for from others: its cursors are of no use to them."""
        return sha256(f"{name} {self.since} {self.at} {self.oldest_first}".encode()).hexdigest()[:32]


def parse(pairs: Sequence[tuple[str, str]], limits: Limits) -> Asked:
    """The parameters of a history. Raises BadRequest naming the one at fault."""
    asked = Asked(count=limits.default_count)
    for name, value in pairs:
        if name not in KNOWN:
            raise unsupported(name, f"is not known to history; known are {', '.join(KNOWN)}.")
        if sum(other == name for other, _ in pairs) > 1:
            raise invalid(name, "may be given once.")
        match name:
            case "_since":
                asked.since = _moments(name, value)[0]
            case "_at":
                asked.at = _moments(name, value)
            case "_sort":
                asked.oldest_first = _order(value)
            case "_count":
                asked.count = result.count(value, limits.max_count)
            case "_cursor":
                asked.cursor = value
    asked.said = tuple(pair for pair in pairs if pair[0] != "_cursor")
    return asked


def _moments(name: str, text: str) -> tuple[datetime, datetime]:
    # A + that arrived unescaped is a space.
    covered: Span | None = date.span(text.replace(" ", "+"))
    if covered is None:
        raise invalid(name, "takes an instant such as 2026-03-09T10:30:00Z, or a day.")
    low, high = map(instant, covered)
    if low is None or high is None:
        raise invalid(name, "is beyond the times that can be told.")
    return low, high


def _order(text: str) -> bool:
    if text not in _ORDERS:
        raise unsupported("_sort", f"of a history is {' or '.join(_ORDERS)}.")
    return _ORDERS[text]
