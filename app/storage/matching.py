"""Values of a search as SQL conditions on a row `k` of a search table: https://hl7.org/fhir/R4/search.html"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from app.fhir import nhs_number
from app.fhir.moments import instant
from app.fhir.search.criterion import Value
from app.fhir.search.date import Moment, Prefix
from app.fhir.search.number import Amount
from app.fhir.search.reference import Elsewhere, Identified, Numbered, Target, Versions
from app.fhir.search.string import Text
from app.fhir.search.token import Token
from app.fhir.search.uri import Below, Uri
from app.storage import many
from app.storage.bound import Bound

# Greater than any character a stored text has, so that "starts with" is a range of the index.
_HIGHEST: Final = "\U0010ffff"
_FIRST: Final = datetime(1, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)

# R4's rules for the time asked for, [{low}, {high}), against a key's [low, high). eq: the first contains the second;
# gt, lt: the second reaches beyond the first; ge, le: one or the other; sa, eb: the second lies wholly beyond the
# first; ap: they overlap. A condition that follows from another is there for the index on low.
_MOMENTS: Final[dict[Prefix, str]] = {
    "eq": "(k.low >= {low} AND k.low < {high} AND k.high <= {high})",
    "ne": "(k.low < {low} OR k.high > {high})",
    "gt": "k.high > {high}",
    "lt": "k.low < {low}",
    "ge": "(k.high > {high} OR k.low >= {low})",
    "le": "(k.low < {low} OR k.high <= {high})",
    "sa": "k.low >= {high}",
    "eb": "(k.high <= {low} AND k.low < {low})",
    "ap": "(k.low < {high} AND k.high > {low})",
}
# The same for numbers: {exact} is what is asked for, [{low}, {high}) what rounds to it, the key [low, high].
_AMOUNTS: Final[dict[Prefix, str]] = {
    "eq": "(k.low >= {low} AND k.low < {high} AND k.high < {high})",
    "ne": "(k.low < {low} OR k.high >= {high})",
    "gt": "k.high > {exact}",
    "lt": "k.low < {exact}",
    "ge": "k.high >= {exact}",
    "le": "k.low <= {exact}",
    "sa": "k.low > {exact}",
    "eb": "(k.high < {exact} AND k.low < {exact})",
    "ap": "(k.low <= {high} AND k.high >= {low})",
}
# The same rules for the time of a version, which is a point.
_VERSIONS: Final[dict[Prefix, str]] = {
    "eq": "(r.updated >= {low} AND r.updated < {high})",
    "ne": "(r.updated < {low} OR r.updated >= {high})",
    "gt": "r.updated >= {high}",
    "lt": "r.updated < {low}",
    "ge": "r.updated >= {low}",
    "le": "r.updated < {high}",
    "sa": "r.updated >= {high}",
    "eb": "r.updated < {low}",
    "ap": "(r.updated >= {low} AND r.updated < {high})",
}


def any_of(values: Sequence[Value], bind: Bound) -> str:
    """The SQL that is true of a key that matches one of the values."""
    found = []
    for group in many.kinds(values):
        several = many.condition(group, bind) if len(group) > 1 else None
        found += [several] if several else [_one(value, bind) for value in group]
    return found[0] if len(found) == 1 else f"({' OR '.join(found)})"


def patients(value: Target | Numbered, bind: Bound) -> str:
    """The SQL of the patient keys that an id or NHS number stands for, as an array."""
    return _numbered(value, bind) if isinstance(value, Numbered) else f"ARRAY[{_patient(value, bind)}]"


def kept_under(value: Target | Numbered, bind: Bound) -> str:
    """The SQL that compares a column before it with these keys."""
    return f"= ANY({_numbered(value, bind)})" if isinstance(value, Numbered) else f"= {_patient(value, bind)}"


def _numbered(value: Numbered, bind: Bound) -> str:
    """Each organisation may have a Patient of its own with the same NHS number."""
    return f"ARRAY(SELECT n.patient FROM nhs_number n WHERE n.number = {bind(value.number)})"


def _patient(value: Target, bind: Bound) -> str:
    """The SQL of the patient key that an id stands for.

    As a SELECT of its own: PostgreSQL takes COALESCE for something that might tell of rows that the caller may not
    see, and would then use no index for what is compared with it.
    """
    id_ = bind(value.id)
    return f"(SELECT COALESCE((SELECT p.patient FROM resource p WHERE p.type = 'Patient' AND p.id = {id_}), {id_}))"


def updated(moment: Moment, bind: Bound) -> str:
    """The SQL that compares the time of a version, which is a point, with a moment."""
    sql = _VERSIONS[moment.prefix]
    for name, end in (("{low}", moment.low), ("{high}", moment.high)):
        if name in sql:
            sql = sql.replace(name, bind(_time(end), "timestamptz"))
    return sql


def _one(value: Value, bind: Bound) -> str:
    match value:
        case Token(system, code):
            return _both("k.system", system, "k.code", code, bind)
        case Text():
            return _text(value, bind)
        case Moment() | Amount():
            return _moment(value, bind) if isinstance(value, Moment) else _amount(value, bind)
        case Target():
            return _target(value, bind)
        case Numbered(number):
            number_ = bind(number)
            return (
                f"(k.target_type = 'Patient' AND k.target_id = ANY({patients(value, bind)} || {number_}::text)"
                f" OR k.value = {number_} AND k.system = {bind(nhs_number.SYSTEM)})"
            )
        case Elsewhere(url):
            return f"(k.url <> '' AND k.url = {bind(url)})"
        case Identified(system, identifier):
            return f"({_both('k.system', system, 'k.value', identifier, bind)} AND k.value <> '')"
        case Uri(uri):
            return f"k.value = {bind(uri)}"
        case Below() | Versions():
            return _below(value, bind)


def _below(value: Below | Versions, bind: Bound) -> str:
    """What is this URL or version, or goes on from it: with a slash, or with a further number of the version."""
    if isinstance(value, Below):
        root = value.value.rstrip("/")  # the character after the slash is the digit 0
        return f"(k.value = {bind(value.value)} OR (k.value >= {bind(root + '/')} AND k.value < {bind(root + '0')}))"
    url = value.url  # - and . are the two characters before the slash
    further = f"k.url >= {bind(url + '-')} AND k.url < {bind(url + '/')}"
    return f"(k.url <> '' AND (k.url = {bind(url)} OR ({further})))"


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
    sql = _MOMENTS[moment.prefix]
    for name, end in (("{low}", moment.low), ("{high}", moment.high)):
        if name in sql:
            sql = sql.replace(name, bind(end, "bigint"))
    return sql


def _amount(amount: Amount, bind: Bound) -> str:
    sql = _AMOUNTS[amount.prefix]
    for name, end in (("{exact}", amount.exact), ("{low}", amount.low), ("{high}", amount.high)):
        if name in sql:
            sql = sql.replace(name, bind(end, "numeric"))
    unit = "" if amount.code is None else f" AND {_both('k.system', amount.system, 'k.code', amount.code, bind)}"
    return f"({sql}{unit} AND k.part = {bind(amount.part)})"


def _target(target: Target, bind: Bound) -> str:
    others = sorted({*target.types} - {"Patient"})
    found = []
    if others or not target.types:
        named = f"k.target_type = ANY({bind(others, 'text[]')})" if others else "k.target_type <> 'Patient'"
        found.append(f"k.target_id = {bind(target.id)} AND {named}")
    if "Patient" in target.types or not target.types:
        found.append(f"k.target_type = 'Patient' AND k.target_id = {_patient(target, bind)}")
    return f"({' OR '.join(found)})"


def _time(microseconds: int) -> datetime:
    """A time that PostgreSQL and Python both have; searches reach a little beyond the years 1 and 9999."""
    return instant(microseconds) or (_FIRST if microseconds < 0 else _LAST)
