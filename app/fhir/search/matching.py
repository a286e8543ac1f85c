"""Criteria of a search judged in memory, for resources that are not in the database.

https://hl7.org/fhir/R4/search.html
"""

from collections.abc import Iterable
from typing import Any, Final

from app.fhir.definition import SearchParameter
from app.fhir.search import string, token, uri
from app.fhir.search.criterion import Condition, Criterion, Value
from app.fhir.search.keys import elements
from app.fhir.search.string import Text
from app.fhir.search.token import Token
from app.fhir.search.uri import Below, Uri

_JUDGED: Final = frozenset({"token", "string", "uri"})
_OF_MORE: Final = frozenset({"composite", "flag"})


def surely_meets(resource: dict[str, Any], conditions: Iterable[Condition]) -> bool:
    """Whether a resource meets all conditions, as far as memory can tell: only of tokens, strings and uris it can."""
    return all(isinstance(each, Criterion) and _is_judged(each) and meets(resource, each) for each in conditions)


def codes(resource: dict[str, Any], parameter: SearchParameter) -> set[str]:
    """The codes, without their systems, that a resource has by a token parameter."""
    return {code for element in elements(resource, parameter) for _, code in token.keys(element, parameter)}


def _is_judged(criterion: Criterion) -> bool:
    parameter = criterion.parameter
    return parameter.type in _JUDGED and parameter.form not in _OF_MORE and ":" not in parameter.name


def meets(resource: dict[str, Any], criterion: Criterion) -> bool:
    """Whether a resource meets a criterion over a token, string or uri."""
    parameter, found = criterion.parameter, elements(resource, criterion.parameter)
    if criterion.missing is not None:
        return criterion.missing == (not found)
    keys: list[tuple[str, ...]] = []
    for element in found:
        match parameter.type:
            case "token":
                keys += token.keys(element, parameter)
            case "string":
                keys += string.keys(element, parameter)
            case _:
                keys += [(value,) for value in uri.keys(element)]
    if criterion.begins_words:
        keys += [(part, "") for part in string.parts(dict.fromkeys(folded for folded, _ in keys))]
    return any(_is(key, value) for key in keys for value in criterion.values) != criterion.negated


def _is(key: tuple[str, ...], value: Value) -> bool:
    match value:
        case Token(system, code):
            return system in (None, key[0]) and code in (None, key[1])
        case Text(match, folded, exact):
            return {
                "start": key[0].startswith(folded),
                "contains": folded in key[0],
                "exact": key[1] == exact,
                "sound": key[0] == folded,
            }[match]
        case Uri(text):
            return key[0] == text
        case Below(text):
            return key[0] == text or key[0].startswith(f"{text.rstrip('/')}/")
        case _:
            return False
