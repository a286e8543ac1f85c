"""One criterion of a search, from name:modifier=value: https://hl7.org/fhir/R4/search.html#modifiers"""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from typing import Final, NamedTuple

from app.fhir.definition import ResourceDefinition, SearchParameter, SearchType
from app.fhir.search import composite, date, number, quantity, reference, string, token, uri, value_set
from app.fhir.search.criterion import Criterion, Value
from app.fhir.search.escape import split, unescape
from app.fhir.search.refusal import invalid, shown, unsupported
from app.fhir.search.token import OF_TYPE

# Names, dates and addresses to begin with are compared one by one, everything else all at once.
MOST_ALTERNATIVES: Final[dict[SearchType, int]] = {
    "token": 2_000,
    "reference": 2_000,
    "uri": 2_000,
    "string": 200,
    "date": 200,
    "number": 200,
    "quantity": 200,
}
MOST_BELOW: Final = 200
MODIFIERS: Final[dict[SearchType, tuple[str, ...]]] = {
    "token": ("missing", "not", "in", "not-in"),
    "string": ("missing", "exact", "contains"),
    "date": ("missing",),
    "reference": ("missing", "identifier"),
    "uri": ("missing", "above", "below"),
    "number": ("missing",),
    "quantity": ("missing",),
}
_ID: Final = re.compile(r"[A-Za-z0-9.\-]{1,64}")


class Surroundings(NamedTuple):
    """What a value may depend on: the type, the names of this service, and the time (microseconds)."""

    definition: ResourceDefinition
    bases: tuple[str, ...]
    now: int


def parse(name: str, value: str, surroundings: Surroundings) -> Criterion:
    """The criterion; the name without its modifier is known. Raises BadRequest that says what is wrong."""
    base, colon, modifier = name.partition(":")
    parameter = surroundings.definition.by_name[base]
    if colon and modifier not in modifiers(parameter) and not _is_type(modifier, parameter):
        raise unsupported(base, f"does not take the modifier ':{shown(modifier)}'. {_known_modifiers(parameter)}")
    if modifier == "missing":
        if value not in ("true", "false"):
            raise invalid(name, "must be true or false.")
        return Criterion(parameter, missing=value == "true")
    most = MOST_BELOW if modifier in ("below", "above") else MOST_ALTERNATIVES[parameter.type]
    try:
        found = [_values(text, parameter, modifier, surroundings) for text in _alternatives(name, value, most)]
    except ValueError as problem:
        raise invalid(name, str(problem)) from None
    if modifier == OF_TYPE:
        parameter = replace(parameter, name=name)
    return Criterion(parameter, tuple(chain.from_iterable(found)), negated=modifier in ("not", "not-in"))


def modifiers(parameter: SearchParameter) -> tuple[str, ...]:
    """The modifiers that a parameter takes, besides the types a reference may be to."""
    if parameter.form == "canonical":
        return ("missing", "below")
    if parameter.form == "composite":
        return ("missing",)
    if parameter.name == "_id":
        return ("missing", "not")
    return (*MODIFIERS[parameter.type], *([OF_TYPE] if parameter.form == "identifier" else []))


def _alternatives(name: str, value: str, most: int) -> list[str]:
    if not value:
        raise invalid(name, "has no value.")
    texts = split(value, ",")
    if not all(texts):
        raise invalid(name, r"has an empty value among its alternatives; write \, for a comma that belongs to a value.")
    if len(texts) > most:
        raise invalid(name, f"has more than {most} values.")
    return texts


def _values(text: str, parameter: SearchParameter, modifier: str, surroundings: Surroundings) -> Iterable[Value]:
    match parameter.type:
        case "token":
            return _tokens(text, parameter, modifier, surroundings)
        case "string":
            return (string.parse(unescape(text), parameter, modifier),)
        case "date":
            return (date.parse(unescape(text), surroundings.now),)
        case "reference":
            return reference.parse(text, parameter, modifier, surroundings.bases)
        case "uri":
            return uri.parse(unescape(text), modifier)
        case "number":
            return (number.parse(unescape(text)),)
        case "quantity":
            return quantity.parse(text, parameter)


def _tokens(text: str, parameter: SearchParameter, modifier: str, surroundings: Surroundings) -> Iterable[Value]:
    if parameter.form == "composite":
        return composite.parse(text, parameter)
    if modifier in ("in", "not-in"):
        return value_set.codes(unescape(text), surroundings.bases)
    if modifier == OF_TYPE:
        return token.of_type(text)
    return token.parse(_checked_id(text) if parameter.name == "_id" else text, parameter)


def _checked_id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError("has a value that is no id: 1 to 64 letters, digits, - and .")
    return text


def _is_type(modifier: str, parameter: SearchParameter) -> bool:
    if parameter.type != "reference" or parameter.form == "canonical":
        return False
    return modifier in parameter.targets or (
        not parameter.targets and re.fullmatch("[A-Z][A-Za-z]{1,63}", modifier) is not None
    )


def _known_modifiers(parameter: SearchParameter) -> str:
    types = parameter.targets if parameter.form != "canonical" else ()
    return f"It takes {', '.join(f':{name}' for name in (*modifiers(parameter), *types))}."
