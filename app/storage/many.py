"""Many values of one kind as one SQL condition on a row `k` of a search table: the same text for any number of them.

https://hl7.org/fhir/R4/search.html#combining
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from app.fhir import nhs_number
from app.fhir.search.criterion import Value
from app.fhir.search.reference import Elsewhere, Identified, Numbered, Target
from app.fhir.search.token import Token
from app.fhir.search.uri import Uri
from app.storage.bound import Bound

_PATIENT: Final = "Patient"


def kinds(values: Iterable[Value]) -> list[list[Value]]:
    """The values in groups, each of which is one condition."""
    groups: dict[Any, list[Value]] = {}
    for value in values:
        groups.setdefault(_kind(value), []).append(value)
    return list(groups.values())


def condition(values: Sequence[Value], bind: Bound) -> str | None:
    """The SQL that is true of a key that is one of several values of a kind; None where there is no shorter way."""
    found = _CONDITIONS.get(type(values[0]))
    return found(values, bind) if found else None


def patients(values: Sequence[Value], bind: Bound) -> str:
    """The SQL of the patient keys that ids and NHS numbers stand for, as an array."""
    numbers = bind([value.number for value in values if isinstance(value, Numbered)], "text[]")
    ids = bind([value.id for value in values if isinstance(value, Target)], "text[]")
    return (
        f"ARRAY(SELECT n.patient FROM nhs_number n WHERE n.number = ANY({numbers})"
        f" UNION SELECT p.patient FROM resource p WHERE p.type = 'Patient' AND p.id = ANY({ids})"
        f" UNION SELECT unnest({ids}))"
    )


def _kind(value: Value) -> Any:
    match value:
        case Token(system, code) | Identified(system, code):
            return type(value), system is None, code is None
        case Target(types, _):
            return Target, types
        case Numbered() | Elsewhere() | Uri():
            return type(value)
        case _:
            return value


def _tokens(values: Sequence[Any], bind: Bound) -> str:
    return _pairs([(value.system, value.code) for value in values], "k.system", "k.code", bind)


def _identified(values: Sequence[Any], bind: Bound) -> str:
    pairs = _pairs([(value.system, value.value) for value in values], "k.system", "k.value", bind)
    return f"({pairs} AND k.value <> '')"


def _pairs(pairs: Sequence[tuple[str | None, str | None]], system: str, code: str, bind: Bound) -> str:
    systems, codes = zip(*pairs, strict=True)
    if codes[0] is None:
        return f"{system} = ANY({bind(list(systems), 'text[]')})"
    some = bind(list(codes), "text[]")
    if systems[0] is None:
        return f"{code} = ANY({some})"
    both = f"SELECT * FROM unnest({bind(list(systems), 'text[]')}, {some})"
    # The first condition follows from the second, and is there for the index.
    return f"({code} = ANY({some}) AND ({system}, {code}) IN ({both}))"


def _targets(values: Sequence[Any], bind: Bound) -> str:
    types = values[0].types
    found, others = [], sorted({*types} - {_PATIENT})
    if others or not types:
        named = f"k.target_type = ANY({bind(others, 'text[]')})" if others else "k.target_type <> 'Patient'"
        found.append(f"k.target_id = ANY({bind([value.id for value in values], 'text[]')}) AND {named}")
    if _PATIENT in types or not types:
        found.append(f"k.target_type = 'Patient' AND k.target_id = ANY({patients(values, bind)})")
    return f"({' OR '.join(found)})"


def _numbered(values: Sequence[Any], bind: Bound) -> str:
    numbers = bind([value.number for value in values], "text[]")
    return (
        f"(k.target_type = 'Patient' AND k.target_id = ANY({patients(values, bind)} || {numbers})"
        f" OR k.value = ANY({numbers}) AND k.system = {bind(nhs_number.SYSTEM)})"
    )


def _elsewhere(values: Sequence[Any], bind: Bound) -> str:
    return f"(k.url <> '' AND k.url = ANY({bind([value.url for value in values], 'text[]')}))"


def _uris(values: Sequence[Any], bind: Bound) -> str:
    return f"k.value = ANY({bind([value.value for value in values], 'text[]')})"


_CONDITIONS: Final[dict[type, Callable[[Sequence[Any], Bound], str]]] = {
    Token: _tokens,
    Identified: _identified,
    Target: _targets,
    Numbered: _numbered,
    Elsewhere: _elsewhere,
    Uri: _uris,
}
