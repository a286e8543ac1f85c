"""A search as it was asked, understood: https://hl7.org/fhir/R4/search.html"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import BadRequest, Issue
from app.fhir.moments import moment
from app.fhir.resources import BY_TYPE
from app.fhir.search import chain, compartment, criteria, include, result
from app.fhir.search.criteria import Surroundings
from app.fhir.search.criterion import Condition, Criterion, Sort
from app.fhir.search.include import INCLUDES, MOST_INCLUDES, Include
from app.fhir.search.place import TYPE, Place, of_type
from app.fhir.search.refusal import SPINE, Unknown, invalid, unknown
from app.fhir.search.result import Summary, Total
from app.fhir.search.uri import canonical

Pairs = Sequence[tuple[str, str]]

CURSOR: Final = "_cursor"
PROVENANCE: Final = "Provenance"
MOST_CRITERIA: Final = 50

# fhirpy asks for a count by a name that only Aidbox knows.
_TOTALS: Final = {"_total": result.total, "_totalMethod": result.total_method}
# What is contained is not searched: who asks for what R4 takes to be asked, and for nothing else, gets it.
_CONTAINED: Final = {"_contained": "false", "_containedType": "container"}
_ONCE: Final = frozenset({CURSOR, "_sort", "_count", "_summary", "_elements", *_TOTALS, *_CONTAINED})
_RESULT: Final = _ONCE.union(INCLUDES)
_NAMED: Final = frozenset({*_RESULT, "_has", chain.LIST} - {"_totalMethod", *_CONTAINED})
# Nothing is gone on to from what is no record, such as AuditEvents.
_NAMED_ALONE: Final = _NAMED.difference(INCLUDES, ("_has", chain.LIST))
# What the router reads; links repeat it.
REPRESENTATION: Final = frozenset({"_format", "_pretty"})
# What shapes the answer, and decides on no match.
SHAPING: Final = _RESULT | REPRESENTATION
_NOT_SUPPORTED: Final = frozenset(
    {
        "_filter",
        "_query",
        "_text",
        "_content",
    }
)


_STORED_ALONE: Final = Issue(
    "incomplete",
    "Only Provenances that were sent are gone through here. Those of every version are found by Provenance?target=.",
    severity="warning",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Matches on a page: when `_count` is absent, and at most."""

    default_count: int = 50
    max_count: int = 500


@dataclass(slots=True)
class Query:
    """What is asked for. `understood` are the parameters that links repeat, `ignored` warnings about others.

    `path` is where the search is made. A search of several types has their criteria and order in `further`. `tells` are
    the types whose changes a search for Provenances finds too, beside what is stored.
    """

    definition: ResourceDefinition
    count: int
    criteria: list[Condition] = field(default_factory=list)
    sort: tuple[Sort, ...] = ()
    total: Total = "estimate"
    summary: Summary = "false"
    elements: tuple[str, ...] = ()
    includes: list[Include] = field(default_factory=list)
    understood: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[Issue] = field(default_factory=list)
    path: str = ""
    further: list["Query"] = field(default_factory=list)
    tells: tuple[str, ...] = ()

    @property
    def own(self) -> list[Criterion]:
        """The criteria over the resource itself: all there are, where no other resource can be gone on to."""
        return [asked for asked in self.criteria if isinstance(asked, Criterion)]

    @property
    def fingerprint(self) -> str:
        """What a cursor belongs to: the same matches in the same order, whatever is shown of them."""
        shaping = SHAPING - {"_sort"}
        asked = [pair for pair in self.understood if pair[0].partition(":")[0] not in shaping]
        return sha256(repr((self.path, asked)).encode()).hexdigest()[:32]


def parse(
    pairs: Pairs,
    definition: ResourceDefinition,
    *,
    now: datetime,
    bases: tuple[str, ...] = (),
    limits: Limits = Limits(),
    lenient: bool = False,
) -> Query:
    """What the decoded parameters of a search for one type ask for; see `parse_in`."""
    return parse_in(of_type(definition), pairs, now=now, bases=bases, limits=limits, lenient=lenient)


def parse_in(
    place: Place, pairs: Pairs, *, now: datetime, bases: tuple[str, ...], limits: Limits, lenient: bool
) -> Query:
    """What the decoded parameters of a search ask for; `_cursor` is left to `cursor`.

    `now` (aware) is what the prefix `ap` measures from, `bases` are the addresses of this service. With `lenient`,
    parameters that this service does not have, or that are empty, are ignored and reported. Raises BadRequest with an
    issue for each problem.
    """
    asking = _Asking(place, bases, moment(now), limits)
    query = asking.queries[0]
    names = [name for name, _ in pairs]
    issues = [_repeated(name) for name in dict.fromkeys(names) if name in _ONCE and names.count(name) > 1]
    for name, value in pairs:
        try:
            if lenient and not value and name != CURSOR:
                raise unknown(name, "has no value.")  # "not an error": https://hl7.org/fhir/R4/search.html#errors
            asking.understand(name, value)
        except Unknown as refusal:
            if lenient:
                query.ignored.extend(replace(issue, severity="warning") for issue in refusal.issues)
            else:
                issues.extend(refusal.issues)
        except BadRequest as refusal:
            issues.extend(refusal.issues)
    if len(query.criteria) > MOST_CRITERIA:
        issues.append(Issue("invalid", f"A search takes at most {MOST_CRITERIA} criteria.", spine=SPINE))
    if len(query.includes) > MOST_INCLUDES:
        issues.append(Issue("invalid", f"A search takes at most {MOST_INCLUDES} includes.", spine=SPINE))
    if query.summary == "text" and query.includes:
        issues.extend(invalid("_summary", "cannot be text beside _include and _revinclude.").issues)
    if issues:
        raise BadRequest(issues=tuple(issues))
    return query


def cursor(pairs: Pairs) -> str | None:
    """The `_cursor` of a search, if it continues an earlier one."""
    return next((value for name, value in pairs if name == CURSOR), None)


class _Asking:
    """The queries of a search while its parameters are read: one for each type, with the same of all in the first."""

    def __init__(self, place: Place, bases: tuple[str, ...], now: int, limits: Limits) -> None:
        self.place, self.limits = place, limits
        self.queries = [Query(each, limits.default_count, path=place.path) for each in place.definitions]
        self.queries[0].further = self.queries[1:]
        self.surroundings = [Surroundings(each, bases, now) for each in place.definitions]
        if place.compartment:
            for query in self.queries:
                query.criteria.append(compartment.within(*place.compartment, query.definition))

    def understand(self, name: str, value: str) -> None:
        """Raises BadRequest; Unknown for a parameter that is not there."""
        _check_text(name, value)
        if name == CURSOR:
            return
        query = self.queries[0]
        if name == "_sort":
            self._sort(value)
        elif name == "_count":
            query.count = result.count(value, self.limits.max_count)
            value = str(query.count)
        elif name in _TOTALS:
            query.total = _TOTALS[name](value)
        elif name == "_summary":
            query.summary = result.summary(value)
        elif name == "_elements":
            query.elements = result.elements(value, {query.definition.type, *BY_TYPE})
        elif name.partition(":")[0] in INCLUDES and query.definition.type in BY_TYPE:
            query.includes.append(include.parse(name, value, self.place.definitions))
        elif name not in REPRESENTATION and not (name == TYPE and self.place.takes_types):
            self._add(name, value)
        query.understood.append((name, value))
        if _goes_through_provenances(name, value, query.definition.type) and _STORED_ALONE not in query.ignored:
            query.ignored.append(_STORED_ALONE)

    def _sort(self, value: str) -> None:
        for query in self.queries:
            query.sort = result.sorts(value, query.definition)
        for rules in zip(*(query.sort for query in self.queries), strict=True):
            if len({rule.parameter.type for rule in rules}) > 1:
                raise invalid("_sort", f"by '{rules[0].parameter.name}' compares different things for these types.")

    def _add(self, name: str, value: str) -> None:
        if name in _CONTAINED:
            result.only(name, value, _CONTAINED[name])
            return
        if name == "url" and all("version" in query.definition.by_name for query in self.queries):
            url, version = canonical(value)
            if version:
                self._add("version", version)
            value = url
        found = [_criterion(name, value, surroundings) for surroundings in self.surroundings]
        for query, criterion in zip(self.queries, found, strict=True):
            query.criteria.append(criterion)


def _criterion(name: str, value: str, surroundings: Surroundings) -> Condition:
    definition, base = surroundings.definition, name.partition(":")[0]
    if chain.is_chain(name):
        return chain.parse(name, value, surroundings)
    if base in definition.by_name:
        return criteria.parse(name, value, surroundings)
    if base in (_RESULT | REPRESENTATION | {chain.LIST}).difference(INCLUDES):
        raise unknown(name, "takes no modifier.")
    problem = "is not supported" if base in _NOT_SUPPORTED.union(INCLUDES) else "is not known"
    known = sorted({*definition.by_name, *(_NAMED if definition.type in BY_TYPE else _NAMED_ALONE)})
    raise unknown(name, f"{problem}. Known for {definition.type}: {', '.join(known)}.")


def _goes_through_provenances(name: str, value: str, type_: str) -> bool:
    """Whether a parameter asks for what only stored Provenances have a part in; `*` asks for theirs, too."""
    base = name.partition(":")[0]
    if type_ == PROVENANCE:
        return base in INCLUDES or chain.is_chain(name)
    return f"_has:{PROVENANCE}:" in name or (base == "_revinclude" and value.startswith((f"{PROVENANCE}:", "*")))


def _repeated(name: str) -> Issue:
    return Issue("invalid", f"Search parameter '{name}' may be there only once.", spine=SPINE)


def _check_text(name: str, value: str) -> None:
    """PostgreSQL holds neither NUL nor half of a surrogate pair, so nothing with one can be found."""
    if "\0" in value or (not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value)):
        raise invalid(name, "has a character that text cannot hold.")
