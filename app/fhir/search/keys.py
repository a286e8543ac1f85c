"""The search keys of a resource: everything that a search can find it by. https://hl7.org/fhir/R4/search.html"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any, Final, get_args

from app.fhir.definition import ResourceDefinition, SearchParameter, SearchType
from app.fhir.path import walk
from app.fhir.search import composite, date, quantity, reference, string, token, uri

# Parameters that are columns of the stored row itself.
COLUMNS: Final = frozenset({"_id", "_lastUpdated"})
_TYPES: Final = get_args(SearchType)


@dataclass(frozen=True, slots=True)
class Keys:
    """Rows of the six search tables; `parameter` is "Consent.status".

    A reference to a patient is as it was written: storage puts the patient key in its place.
    """

    tokens: list[tuple[str, str, str]]  # parameter, system, code
    strings: list[tuple[str, str, str]]  # parameter, value, exact
    dates: list[tuple[str, int, int]]  # parameter, low, high
    references: list[tuple[str, str, str, str, str, str]]  # parameter, target_type, target_id, url, system, value
    uris: list[tuple[str, str]]  # parameter, value
    quantities: list[tuple[str, Decimal, Decimal, str, str, str]]  # parameter, low, high, system, code, part


def extract(resource: dict[str, Any], definition: ResourceDefinition, bases: tuple[str, ...]) -> Keys:
    """The search keys of a structurally valid resource, each once.

    `bases` are the addresses under which this service is known; a reference that starts with one is to a resource here.
    """
    rows: dict[str, dict[Any, None]] = {type_: {} for type_ in _TYPES}
    for parameter in definition.search_parameters:
        found = elements(resource, parameter)
        if parameter.name not in COLUMNS and (found or parameter.form == "flag"):
            name = f"{definition.type}.{parameter.name}"
            own = dict.fromkeys((name, *key) for key in _keys(found, parameter, bases))
            rows[parameter.type] |= own
            if parameter.form == "name":
                for part in string.parts(dict.fromkeys(folded for _, folded, _ in own)):
                    rows["string"][f"{name}:{string.PART}", part, ""] = None
            if parameter.form == "identifier":
                for key in chain.from_iterable(map(token.typed_keys, found)):
                    rows["token"][f"{name}:{token.OF_TYPE}", *key] = None
    return Keys(
        list(rows["token"]),
        list(rows["string"]),
        list(rows["date"]),
        list(rows["reference"]),
        list(rows["uri"]),
        list(rows["number"] | rows["quantity"]),
    )


def elements(resource: dict[str, Any], parameter: SearchParameter) -> list[Any]:
    """The elements of a resource that a search parameter looks at."""
    found = [element for path in parameter.paths for element in walk(resource, path)]
    where = parameter.where
    return found if where is None else [element for element in found if _has(element, *where)]


def _has(element: Any, member: str, value: str) -> bool:
    return isinstance(element, dict) and element.get(member) == value


def _keys(found: list[Any], parameter: SearchParameter, bases: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    if parameter.form == "flag":
        yield token.flag(found)
        return
    for element in found:
        match parameter.type:
            case "token" if parameter.form == "composite":
                yield from composite.keys(element, parameter)
            case "token":
                yield from token.keys(element, parameter)
            case "string":
                yield from string.keys(element, parameter)
            case "date":
                yield from date.keys(element)
            case "reference":
                yield from reference.keys(element, parameter, bases)
            case "uri":
                yield from ((value,) for value in uri.keys(element))
            case "number" | "quantity":
                yield from quantity.keys(element, parameter)
