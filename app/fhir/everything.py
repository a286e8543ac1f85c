"""What $everything is asked: https://hl7.org/fhir/R4/patient-operation-everything.html"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from app.fhir.definition import ResourceDefinition
from app.fhir.moments import instant
from app.fhir.search import date, result
from app.fhir.search.query import Limits
from app.fhir.search.refusal import invalid, unsupported

KNOWN: Final = ("start", "end", "_since", "_type", "_count", "_cursor", "_format", "_pretty")
# What a resource is about when it has several dates, the first that its type has.
_DATES: Final = ("date", "authored-on", "sent", "authored", "period")


@dataclass(slots=True)
class Asked:
    """The parameters: `low`, `high` in microseconds since 1970; `types` None for all; `said` is what links repeat."""

    count: int
    low: int | None = None
    high: int | None = None
    since: datetime | None = None
    types: frozenset[str] | None = None
    cursor: str | None = None
    said: tuple[tuple[str, str], ...] = ()

    def fingerprint(self, id_: str) -> str:
        """What tells this question from others: its cursors are of no use to them."""
        types = sorted(self.types) if self.types is not None else None
        return sha256(f"{id_} {self.low} {self.high} {self.since} {types}".encode()).hexdigest()[:32]


def parse(pairs: Sequence[tuple[str, str]], known_types: Collection[str], limits: Limits) -> Asked:
    """The parameters of a URL. Raises BadRequest naming the one at fault."""
    asked = Asked(count=limits.default_count)
    for name, value in pairs:
        if name not in KNOWN:
            raise unsupported(name, f"is not known to $everything; known are {', '.join(KNOWN)}.")
        if name != "_type" and sum(other == name for other, _ in pairs) > 1:
            raise invalid(name, "may be given once.")
        match name:
            case "start":
                asked.low = _span(name, value)[0]
            case "end":
                asked.high = _span(name, value)[1]
            case "_since":
                asked.since = _moment(_span(name, value)[0])
            case "_type":
                asked.types = (asked.types or frozenset()) | _types(value, known_types)
            case "_count":
                asked.count = result.count(value, limits.max_count)
            case "_cursor":
                asked.cursor = value
    asked.said = tuple(pair for pair in pairs if pair[0] != "_cursor")
    return asked


def from_parameters(resource: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The same of a structurally valid Parameters resource. Raises BadRequest."""
    pairs = []
    for parameter in resource.get("parameter", ()):
        name = parameter["name"]
        values = [str(value) for member, value in parameter.items() if member.startswith("value")]
        if name not in KNOWN or not values:
            raise unsupported(name, f"is not known to $everything; known are {', '.join(KNOWN)}.")
        pairs.append((name, values[0]))
    return pairs


def dates(definitions: Iterable[ResourceDefinition]) -> list[str]:
    """The search parameters that tell what time resources are about, one of each type that has any."""
    return [
        f"{definition.type}.{name}"
        for definition in definitions
        for name in next(([each] for each in _DATES if each in definition.by_name), ())
    ]


def _span(name: str, text: str) -> tuple[int, int]:
    covered = date.span(text.replace(" ", "+"))  # a + that arrived unescaped
    if covered is None:
        raise invalid(name, "takes a day, or an instant such as 2026-03-09T10:30:00Z.")
    return covered


def _moment(microseconds: int) -> datetime:
    at = instant(microseconds)
    if at is None:
        raise invalid("_since", "is beyond the times that can be told.")
    return at


def _types(text: str, known: Collection[str]) -> frozenset[str]:
    named = frozenset(text.split(","))
    if not named <= frozenset(known):
        raise invalid("_type", f"takes types of this service: {', '.join(known)}.")
    return named
