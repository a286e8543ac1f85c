"""Where a search is made: among the resources of a type, of several, or of a compartment.

https://hl7.org/fhir/R4/http.html#search
"""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from app.fhir.definition import ResourceDefinition
from app.fhir.resources import BY_TYPE
from app.fhir.search import compartment
from app.fhir.search.compartment import EVERY_TYPE
from app.fhir.search.refusal import invalid, shown

TYPE: Final = "_type"


class Place(NamedTuple):
    """`path` is that of the search below [base], `compartment` the type and id of the resource it is about.

    Every parameter of a search of several types (`_type`) is one that all of them have.
    """

    path: str
    definitions: tuple[ResourceDefinition, ...]
    compartment: tuple[str, str] | None = None
    takes_types: bool = False


def of_type(definition: ResourceDefinition) -> Place:
    """[base]/[type]"""
    return Place(definition.type, (definition,))


def of_everything(pairs: Iterable[tuple[str, str]], open_: Collection[str]) -> Place:
    """[base], for the types that `_type` names, or else those that are `open_` to the caller. Raises BadRequest."""
    return Place("", _types(pairs, tuple(BY_TYPE), open_), takes_types=True)


def of_compartment(base: str, id_: str, type_: str, pairs: Iterable[tuple[str, str]], open_: Collection[str]) -> Place:
    """[base]/[base type]/[id]/[type], `*` for every type that is `open_`. Raises NotFound for a path there is not."""
    members = compartment.members(base, type_)
    path, within = f"{base}/{id_}/{type_}", (base, id_)
    if type_ != EVERY_TYPE:
        return Place(path, members, within)
    return Place(path, _types(pairs, [each.type for each in members], open_), within, takes_types=True)


def _types(
    pairs: Iterable[tuple[str, str]], there: Collection[str], open_: Collection[str]
) -> tuple[ResourceDefinition, ...]:
    named = [value for name, value in pairs if name == TYPE]
    if not named:
        return tuple(BY_TYPE[type_] for type_ in there if type_ in open_)
    types = dict.fromkeys(",".join(named).split(","))
    for type_ in types:
        if type_ not in there:
            raise invalid(TYPE, f"names '{shown(type_)}'; there are: {', '.join(there)}.")
    return tuple(BY_TYPE[type_] for type_ in types)
