"""Criteria of a search as SQL conditions on a row `r` of resource, through its keys `k` in the search tables.

Chains and `_has` go on to further rows, each also called `r` within its own SELECT, and each subject to what the caller
may see: nothing is found through what is hidden.
"""

from collections.abc import Sequence
from typing import Final

from app.fhir.definition import ResourceDefinition, SearchType
from app.fhir.search.criterion import Chain, Condition, Criterion, Either, Has, Link, Value, Within
from app.fhir.search.date import Moment
from app.fhir.search.keys import COLUMNS
from app.fhir.search.reference import Numbered, Target
from app.fhir.search.string import PART
from app.fhir.search.token import Token
from app.storage import links, many, matching
from app.storage.bound import Bound
from app.storage.links import PATIENT
from app.storage.visibility import Visibility, visible

# Steps of a chain whose order PostgreSQL chooses.
PLANNED_HOPS: Final = 2
TABLES: Final[dict[SearchType, str]] = {
    "token": "search_token",
    "string": "search_string",
    "date": "search_date",
    "reference": "search_reference",
    "uri": "search_uri",
    "number": "search_quantity",
    "quantity": "search_quantity",
}


def condition(
    asked: Condition,
    definition: ResourceDefinition,
    visibility: Visibility,
    bind: Bound,
    hops: int = 0,
    by_row: bool = False,
) -> str:
    """The SQL of one condition, `hops` references away from what is searched for; its values are bound.

    `by_row` says that few rows are left to look at, so that each is looked at by itself.
    """
    match asked:
        case Criterion():
            return _criterion(asked, definition, bind, by_row)
        case Either(alternatives):
            each = (" AND ".join(_criterion(one, definition, bind) for one in together) for together in alternatives)
            return f"({' OR '.join(each) or 'false'})"
        case Chain(ends):
            ways = (links.referring(way, _far(way, visibility, bind, hops), bind) for way in ends)
            found = " UNION ALL ".join(ways)
            return f"r.key IN ({_once(found, hops)})"
        case Has(link):
            key, found = links.referred(link, definition.type, _far(link, visibility, bind, hops), bind)
            return f"{key} IN ({_once(found, hops)})"
        case Within():
            return f"r.key IN ({_within(asked, bind)})"


def _once(found: str, hops: int) -> str:
    """What is found far away is found first and once.

    Of near steps PostgreSQL chooses the order, by which side names fewer. Of many it can only guess, and a guess that
    goes through one step again for each row of another takes minutes when there are twenty.
    """
    return found if hops < PLANNED_HOPS else f"WITH found AS MATERIALIZED ({found}) SELECT * FROM found"


def _far(link: Link, visibility: Visibility, bind: Bound, hops: int) -> str:
    """What must be true of the resource at the far end."""
    met = condition(link.condition, link.definition, visibility, bind, hops + 1)
    return f"{visible(visibility, bind)} AND {met}"


def _within(asked: Within, bind: Bound) -> str:
    """The keys of resources that refer to one, or are it."""
    about, type_ = asked.about, bind(asked.type)
    if isinstance(about, Target) and asked.type != PATIENT:
        is_it = f"= {bind(about.id)}"
    else:
        is_it = matching.kept_under(about, bind)
    found = (
        f"SELECT k.resource FROM search_reference k WHERE k.target_type = {type_} AND k.target_id {is_it}"
        f" AND k.parameter = ANY({bind(list(asked.keys), 'text[]')})"
    )
    if not asked.itself:
        return found
    key = "p.patient <> '' AND p.patient" if asked.type == PATIENT else "p.id"
    return f"{found} UNION ALL SELECT p.key FROM resource p WHERE p.type = {type_} AND {key} {is_it}"


def _criterion(criterion: Criterion, definition: ResourceDefinition, bind: Bound, by_row: bool = False) -> str:
    if criterion.parameter.name in COLUMNS:
        return _on_columns(criterion, bind)
    # A subquery with OFFSET is not made part of the query around it: it runs for each row, and only for those.
    end = " OFFSET 0)" if by_row else ")"
    if criterion.missing is not None:
        return f"{'NOT ' if criterion.missing else ''}{_keys(criterion, definition, bind)}{end}"
    scoped = [value for value in criterion.values if _is_patient(value, criterion, definition)]
    others = [value for value in criterion.values if not _is_patient(value, criterion, definition)]
    found = [_in_record(scoped, bind)] if scoped else []
    if others:
        further = PART if criterion.begins_words else ""
        found.append(f"{_keys(criterion, definition, bind, further)} AND {matching.any_of(others, bind)}{end}")
    either = found[0] if len(found) == 1 else f"({' OR '.join(found)})"
    return f"NOT {either}" if criterion.negated else either


def leader(conditions: Sequence[Condition], definition: ResourceDefinition) -> Criterion | None:
    """The criterion whose keys are read in the order of pages, all others being checked row by row; often none.

    It asks for one code. A plan that PostgreSQL keeps for all codes takes each to be rare, collects its matches and
    sorts them, which takes seconds when most rows have it ("active"); read in order, any page is a few milliseconds.
    Searches within one patient's record are few rows whatever else they ask, and so are many through others.
    """
    criteria = [asked for asked in conditions if isinstance(asked, Criterion)]
    if len(criteria) < len(conditions):
        return None
    if any(_is_patient(value, criterion, definition) for criterion in criteria for value in criterion.values):
        return None
    leading = [criterion for criterion in criteria if _is_one_code(criterion)]
    # Of several, an identifier names the fewest rows.
    return min(leading, key=lambda criterion: criterion.parameter.name != "identifier", default=None)


def is_narrow(asked: Condition, definition: ResourceDefinition) -> bool:
    """Whether few resources meet a condition, whatever its values: they are of one patient, or have one identifier."""
    if not isinstance(asked, Criterion) or asked.negated or not asked.values:
        return False
    if asked.parameter.name in ("_id", "identifier"):
        return all(isinstance(value, Token) and value.code is not None for value in asked.values)
    return all(_is_patient(value, asked, definition) for value in asked.values)


def of_parameter(name: str, definition: ResourceDefinition, bind: Bound, further: str = "") -> str:
    """The SQL of the keys of one parameter of the row `r`, and of its `further` ones."""
    keys = f"{definition.type}.{name}"
    either = f"IN ({bind(keys)}, {bind(f'{keys}:{further}')})" if further else f"= {bind(keys)}"
    return f"k.resource = r.key AND k.parameter {either}"


def _keys(criterion: Criterion, definition: ResourceDefinition, bind: Bound, further: str = "") -> str:
    parameter = criterion.parameter
    of = of_parameter(parameter.name, definition, bind, further)
    return f"EXISTS (SELECT FROM {TABLES[parameter.type]} k WHERE {of}"


def _is_patient(value: object, criterion: Criterion, definition: ResourceDefinition) -> bool:
    """Whether this asks for the patient whose record the resource belongs to: then its row tells, without keys."""
    if not definition.is_kept_by_subject or criterion.parameter.paths != (definition.patient,):
        return False
    return isinstance(value, Numbered) or (isinstance(value, Target) and value.types == ("Patient",))


def _is_one_code(criterion: Criterion) -> bool:
    if criterion.negated or criterion.parameter.name in COLUMNS or len(criterion.values) != 1:
        return False
    value = criterion.values[0]
    return isinstance(value, Token) and value.code is not None


def _in_record(values: Sequence[Value], bind: Bound) -> str:
    # "<> ''" is what the index on patients says of its rows.
    first = values[0]
    if len(values) == 1 and isinstance(first, Target | Numbered):
        return f"(r.patient <> '' AND r.patient {matching.kept_under(first, bind)})"
    return f"(r.patient <> '' AND r.patient = ANY({many.patients(values, bind)}))"


def _on_columns(criterion: Criterion, bind: Bound) -> str:
    if criterion.missing is not None:  # every row has an id and the time of its version
        return "false" if criterion.missing else "true"
    ids = [value.code for value in criterion.values if isinstance(value, Token)]
    if ids:
        equal = f"r.id = {bind(ids[0])}" if len(ids) == 1 else f"r.id = ANY({bind(ids, 'text[]')})"
        return f"NOT {equal}" if criterion.negated else equal
    moments = [value for value in criterion.values if isinstance(value, Moment)]
    return f"({' OR '.join(matching.updated(moment, bind) for moment in moments)})"
