"""A search as it was asked, understood: https://hl7.org/fhir/R4/search.html"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, Literal

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import BadRequest, Issue
from app.fhir.search import criteria, result
from app.fhir.search.criterion import Criterion, Sort
from app.fhir.search.refusal import SPINE, invalid, shown
from app.fhir.search.result import Summary, Total

Pairs = Sequence[tuple[str, str]]

CURSOR: Final = "_cursor"
MOST_CRITERIA: Final = 50

_RESULT: Final = frozenset({CURSOR, "_sort", "_count", "_total", "_summary", "_elements"})
# What the router reads; links repeat it.
_REPRESENTATION: Final = frozenset({"_format", "_pretty"})
_NOT_SUPPORTED: Final = frozenset(
    {
        "_include",
        "_revinclude",
        "_has",
        "_contained",
        "_containedType",
        "_filter",
        "_query",
        "_list",
        "_text",
        "_content",
    }
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Limits:
    """Matches on a page: when `_count` is absent, and at most."""

    default_count: int = 50
    max_count: int = 500


@dataclass(slots=True)
class Query:
    """What is asked for. `understood` are the parameters that links repeat, `ignored` warnings about the others."""

    definition: ResourceDefinition
    count: int
    criteria: list[Criterion] = field(default_factory=list)
    sort: tuple[Sort, ...] = ()
    total: Total = "estimate"
    summary: Summary = "false"
    elements: tuple[str, ...] = ()
    understood: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[Issue] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """What a cursor belongs to: the same matches in the same order, whatever is shown of them."""
        shaping = (_RESULT | _REPRESENTATION) - {"_sort"}
        asked = [pair for pair in self.understood if pair[0] not in shaping]
        return sha256(repr((self.definition.type, asked)).encode()).hexdigest()[:32]


def parse(
    pairs: Pairs,
    definition: ResourceDefinition,
    *,
    now: datetime,
    bases: tuple[str, ...] = (),
    limits: Limits = Limits(),
    lenient: bool = False,
) -> Query:
    """What the decoded parameters of a search ask for; `_cursor` is left to `cursor`.

    `now` (aware) is what the prefix `ap` measures from, `bases` are the addresses of this service. With `lenient`,
    parameters this service does not have are ignored and reported. Raises BadRequest with an issue for each problem.
    """
    query = Query(definition, limits.default_count)
    surroundings = criteria.Surroundings(definition, bases, (now - _EPOCH) // timedelta(microseconds=1))
    issues = [
        _repeated(name) for name, times in Counter(name for name, _ in pairs).items() if times > 1 and name in _RESULT
    ]
    for name, value in pairs:
        unknown = _unknown(name, definition, "warning" if lenient else "error")
        if unknown:
            (query.ignored if lenient else issues).append(unknown)
            continue
        try:
            _understand(query, name, value, surroundings, limits)
        except BadRequest as refusal:
            issues.extend(refusal.issues)
    if len(query.criteria) > MOST_CRITERIA:
        issues.append(Issue("invalid", f"A search takes at most {MOST_CRITERIA} criteria.", spine=SPINE))
    if issues:
        raise BadRequest(issues=tuple(issues))
    return query


def cursor(pairs: Pairs) -> str | None:
    """The `_cursor` of a search, if it continues an earlier one."""
    return next((value for name, value in pairs if name == CURSOR), None)


def _understand(query: Query, name: str, value: str, surroundings: criteria.Surroundings, limits: Limits) -> None:
    _check_text(name, value)
    match name:
        case "_cursor":
            return
        case "_format" | "_pretty":
            pass
        case "_sort":
            query.sort = result.sorts(value, query.definition)
        case "_count":
            query.count = result.count(value, limits.max_count)
            value = str(query.count)
        case "_total":
            query.total = result.total(value)
        case "_summary":
            query.summary = result.summary(value)
        case "_elements":
            query.elements = result.elements(value, query.definition)
        case _:
            query.criteria.append(criteria.parse(name, value, surroundings))
    query.understood.append((name, value))


def _unknown(name: str, definition: ResourceDefinition, severity: Literal["warning", "error"]) -> Issue | None:
    base = name.partition(":")[0]
    if name in _RESULT or name in _REPRESENTATION or (base in definition.by_name and "." not in name):
        return None
    known = f"Known for {definition.type}: {', '.join(sorted({*definition.by_name, *_RESULT}))}."
    if base in _NOT_SUPPORTED:
        problem = "is not supported."
    elif base in _RESULT | _REPRESENTATION:
        problem = "takes no modifier."
    elif "." in name:
        problem = f"is a chain, which is not supported. {known}"
    else:
        problem = f"is not known. {known}"
    return Issue("not-supported", f"Search parameter '{shown(name)}' {problem}", severity=severity, spine=SPINE)


def _repeated(name: str) -> Issue:
    return Issue("invalid", f"Search parameter '{name}' may be there only once.", spine=SPINE)


def _check_text(name: str, value: str) -> None:
    """PostgreSQL holds neither NUL nor half of a surrogate pair, so nothing with one can be found."""
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise invalid(name, "has a character that text cannot hold.")
