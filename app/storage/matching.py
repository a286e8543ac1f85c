"""Values of a search as SQL conditions on a row `k` of a search table: https://hl7.org/fhir/R4/search.html"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from app.fhir import nhs_number
from app.fhir.search.criterion import Value
from app.fhir.search.date import Moment
from app.fhir.search.reference import Elsewhere, Identified, Numbered, Target
from app.fhir.search.string import Text
from app.fhir.search.token import Token
from app.fhir.search.uri import Uri
from app.storage.bound import Bound

# Greater than any character a stored text has, so that "starts with" is a range of the index.
_HIGHEST: Final = "\U0010ffff"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST: Final = datetime(1, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


def any_of(values: Sequence[Value], bind: Bound) -> str:
    """The SQL that is true of a key that matches one of the values."""
    codes = [value.code for value in values if isinstance(value, Token) and value.system is None]
    if len(codes) > 1 and len(codes) == len(values):
        return f"k.code = ANY({bind(codes, 'text[]')})"
    found = [_one(value, bind) for value in values]
    return found[0] if len(found) == 1 else f"({' OR '.join(found)})"


def patient(value: Target | Numbered, bind: Bound) -> str:
    """The SQL of the patient key that an id or NHS number stands for; null for an unknown number."""
    if isinstance(value, Numbered):
        return f"(SELECT n.patient FROM nhs_number n WHERE n.number = {bind(value.number)})"
    id_ = bind(value.id)
    return f"COALESCE((SELECT p.patient FROM resource p WHERE p.type = 'Patient' AND p.id = {id_}), {id_})"


def updated(moment: Moment, bind: Bound) -> str:
    """The SQL that compares the time of a version, which is a point, with a moment."""
    low, high = bind(_time(moment.low), "timestamptz"), bind(_time(moment.high), "timestamptz")
    match moment.prefix:
        case "eq" | "ap":
            return f"(r.updated >= {low} AND r.updated < {high})"
        case "ne":
            return f"(r.updated < {low} OR r.updated >= {high})"
        case "gt" | "sa":
            return f"r.updated >= {high}"
        case "ge":
            return f"r.updated >= {low}"
        case "lt" | "eb":
            return f"r.updated < {low}"
        case "le":
            return f"r.updated < {high}"


def _one(value: Value, bind: Bound) -> str:
    match value:
        case Token(system, code):
            return _both("k.system", system, "k.code", code, bind)
        case Text():
            return _text(value, bind)
        case Moment():
            return _moment(value, bind)
        case Target():
            return _target(value, bind)
        case Numbered(number):
            number_ = bind(number)
            return (
                f"(k.target_type = 'Patient' AND k.target_id IN ({patient(value, bind)}, {number_})"
                f" OR k.value = {number_} AND k.system = {bind(nhs_number.SYSTEM)})"
            )
        case Elsewhere(url):
            return f"(k.url <> '' AND k.url = {bind(url)})"
        case Identified(system, identifier):
            return f"({_both('k.system', system, 'k.value', identifier, bind)} AND k.value <> '')"
        case Uri(uri):
            return f"k.value = {bind(uri)}"


def _both(system_column: str, system: str | None, code_column: str, code: str | None, bind: Bound) -> str:
    equal = [f"{code_column} = {bind(code)}"] if code is not None else []
    if system is not None:
        equal.append(f"{system_column} = {bind(system)}")
    return f"({' AND '.join(equal)})"


def _text(text: Text, bind: Bound) -> str:
    match text.match:
        case "start":
            return f"(k.value >= {bind(text.value)} AND k.value < {bind(text.value + _HIGHEST)})"
        case "contains":
            return f"strpos(k.value, {bind(text.value)}) > 0"
        case "sound":
            return f"k.value = {bind(text.value)}"
        case "exact":
            return f"(k.value = {bind(text.value)} AND k.exact = {bind(text.exact)})"


def _moment(moment: Moment, bind: Bound) -> str:
    """R4's rules for [low, high) against a key's [low, high).

    eq: ours contains the key's; gt, lt: the key's reaches beyond ours; ge, le: one or the other; sa, eb: the key's
    lies wholly beyond ours; ap: they overlap. Conditions that follow from others are there for the index on low.
    """
    low, high = bind(moment.low, "bigint"), bind(moment.high, "bigint")
    match moment.prefix:
        case "eq":
            return f"(k.low >= {low} AND k.low < {high} AND k.high <= {high})"
        case "ne":
            return f"(k.low < {low} OR k.high > {high})"
        case "gt":
            return f"k.high > {high}"
        case "lt":
            return f"k.low < {low}"
        case "ge":
            return f"(k.high > {high} OR k.low >= {low})"
        case "le":
            return f"(k.low < {low} OR k.high <= {high})"
        case "sa":
            return f"k.low >= {high}"
        case "eb":
            return f"(k.high <= {low} AND k.low < {low})"
        case "ap":
            return f"(k.low < {high} AND k.high > {low})"


def _target(target: Target, bind: Bound) -> str:
    id_ = bind(target.id)
    to_patient = f"(k.target_type = 'Patient' AND k.target_id = {patient(target, bind)})"
    if target.types == ("Patient",):
        return to_patient
    to_others = f"k.target_id = {id_} AND k.target_type <> 'Patient'"
    if target.types:
        to_others = (
            f"k.target_id = {id_} AND k.target_type = ANY({bind(sorted({*target.types} - {'Patient'}), 'text[]')})"
        )
    return f"({to_patient} OR {to_others})" if not target.types or "Patient" in target.types else f"({to_others})"


def _time(microseconds: int) -> datetime:
    """A time that PostgreSQL and Python both have; searches reach a little beyond the years 1 and 9999."""
    first, last = ((end - _EPOCH) // timedelta(microseconds=1) for end in (_FIRST, _LAST))
    return _EPOCH + timedelta(microseconds=min(max(microseconds, first), last))
