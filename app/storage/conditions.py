"""Criteria of a search as SQL conditions on a row `r` of resource, through its keys `k` in the search tables."""

from typing import Final

from app.fhir.definition import ResourceDefinition, SearchType
from app.fhir.search.criterion import Criterion
from app.fhir.search.date import Moment
from app.fhir.search.keys import COLUMNS
from app.fhir.search.reference import Numbered, Target
from app.fhir.search.token import Token
from app.storage import matching
from app.storage.bound import Bound

TABLES: Final[dict[SearchType, str]] = {
    "token": "search_token",
    "string": "search_string",
    "date": "search_date",
    "reference": "search_reference",
    "uri": "search_uri",
}


def condition(criterion: Criterion, definition: ResourceDefinition, bind: Bound) -> str:
    """The SQL of one criterion; its values are bound."""
    if criterion.parameter.name in COLUMNS:
        return _on_columns(criterion, bind)
    if criterion.missing is not None:
        return f"{'NOT ' if criterion.missing else ''}{_keys(criterion, definition, bind)})"
    scoped = [value for value in criterion.values if _is_patient(value, criterion, definition)]
    others = [value for value in criterion.values if value not in scoped]
    found = [_in_record(value, bind) for value in scoped if isinstance(value, Target | Numbered)]
    if others:
        found.append(f"{_keys(criterion, definition, bind)} AND {matching.any_of(others, bind)})")
    either = found[0] if len(found) == 1 else f"({' OR '.join(found)})"
    return f"NOT {either}" if criterion.negated else either


def of_parameter(criterion_name: str, definition: ResourceDefinition, bind: Bound) -> str:
    """The SQL of the keys of one parameter of the row `r`."""
    return f"k.resource = r.key AND k.parameter = {bind(f'{definition.type}.{criterion_name}')}"


def _keys(criterion: Criterion, definition: ResourceDefinition, bind: Bound) -> str:
    parameter = criterion.parameter
    return f"EXISTS (SELECT FROM {TABLES[parameter.type]} k WHERE {of_parameter(parameter.name, definition, bind)}"


def _is_patient(value: object, criterion: Criterion, definition: ResourceDefinition) -> bool:
    """Whether this asks for the patient whose record the resource belongs to: then its row tells, without keys."""
    if criterion.parameter.paths != (definition.patient,):
        return False
    return isinstance(value, Numbered) or (isinstance(value, Target) and value.types == ("Patient",))


def _in_record(value: Target | Numbered, bind: Bound) -> str:
    # "<> ''" is what the index on patients says of its rows.
    return f"(r.patient <> '' AND r.patient = {matching.patient(value, bind)})"


def _on_columns(criterion: Criterion, bind: Bound) -> str:
    if criterion.missing is not None:  # every row has an id and the time of its version
        return "false" if criterion.missing else "true"
    ids = [value.code for value in criterion.values if isinstance(value, Token)]
    if ids:
        equal = f"r.id = {bind(ids[0])}" if len(ids) == 1 else f"r.id = ANY({bind(ids, 'text[]')})"
        return f"NOT {equal}" if criterion.negated else equal
    moments = [value for value in criterion.values if isinstance(value, Moment)]
    return f"({' OR '.join(matching.updated(moment, bind) for moment in moments)})"
