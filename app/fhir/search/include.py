"""`_include` and `_revinclude`: what comes along with the matches. https://hl7.org/fhir/R4/search.html#include"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.published.everything import PUBLISHED
from app.fhir.resources import BY_TYPE
from app.fhir.search.chain import may_refer
from app.fhir.search.refusal import invalid, shown, unknown

INCLUDES: Final = ("_include", "_revinclude")
MOST_INCLUDES: Final = 50
_ITERATE: Final = ("iterate", "recurse")  # the second is what it was called before R4


@dataclass(frozen=True, slots=True)
class Include:
    """References to follow: the names of their keys ("Consent.actor"), and the type they must lead to ("": any).

    `reverse` follows them from what is referred to; `iterate` follows them from what was included, too.
    """

    keys: tuple[str, ...]
    target: str = ""
    reverse: bool = False
    iterate: bool = False

    @property
    def canonicals(self) -> Iterator[tuple[str, str]]:
        """Those of the keys that are canonical URLs, each with a type of what is stored that may have them."""
        return ((key, type_) for key, type_ in self._ends() if type_ in BY_TYPE)

    @property
    def released(self) -> Iterator[tuple[str, str]]:
        """The same with a type of what comes with the release, which is not gone on from."""
        return ((key, type_) for key, type_ in self._ends() if type_ in PUBLISHED and not self.reverse)

    def _ends(self) -> Iterator[tuple[str, str]]:
        return ((key, type_) for key in self.keys for type_ in _canonical_ends(key) if self.target in ("", type_))


def parse(name: str, value: str, searched: Sequence[ResourceDefinition]) -> Include:
    """One include of a search for these types. Raises BadRequest; Unknown for types and parameters not there."""
    base, colon, modifier = name.partition(":")
    if colon and modifier not in _ITERATE:
        raise invalid(name, f"takes no modifier ':{shown(modifier)}', only :iterate.")
    reverse, iterate = base == "_revinclude", bool(colon)
    parts = value.split(":")
    if parts == ["*"]:
        sources = BY_TYPE.values() if reverse or iterate else searched
        return Include(tuple(key for source in sources for key in _keys(source)), "", reverse, iterate)
    if len(parts) not in (2, 3) or not all(parts):
        raise invalid(name, "is written [type]:[reference] or [type]:[reference]:[target type], or as *.")
    type_, parameter, target = (*parts, "")[:3]
    source = BY_TYPE.get(type_)
    if source is None:
        raise unknown(name, f"names '{shown(type_)}', which is no type of this service: {', '.join(BY_TYPE)}.")
    found = Include(_named(name, source, parameter, target), target, reverse, iterate)
    _check_use(name, found, source, searched)
    return found


def includes(definition: ResourceDefinition) -> list[str]:
    """What a search for this type can include, as a CapabilityStatement lists it."""
    return [key.replace(".", ":", 1) for key in _keys(definition)]


def reverse_includes(definition: ResourceDefinition) -> list[str]:
    """What a search for this type can include that refers to it."""
    return [
        f"{source.type}:{parameter.name}"
        for source in BY_TYPE.values()
        for parameter in source.search_parameters
        if may_refer(parameter, definition.type)
    ]


def _keys(source: ResourceDefinition) -> Iterable[str]:
    return (f"{source.type}.{each.name}" for each in source.search_parameters if _is_followed(each))


def _is_followed(parameter: SearchParameter) -> bool:
    """Whether includes go on from it: from canonical URLs where there is something here that they may be of."""
    return parameter.type == "reference" and (parameter.form != "canonical" or bool(_ends(parameter)))


def _ends(parameter: SearchParameter) -> tuple[str, ...]:
    return tuple(type_ for type_ in parameter.targets if type_ in PUBLISHED or may_refer(parameter, type_))


@cache
def _canonical_ends(key: str) -> tuple[str, ...]:
    type_, _, name = key.partition(".")
    parameter = BY_TYPE[type_].by_name[name]
    return _ends(parameter) if parameter.form == "canonical" else ()


def _named(name: str, source: ResourceDefinition, reference: str, target: str) -> tuple[str, ...]:
    if reference == "*":
        return tuple(_keys(source))
    parameter = source.by_name.get(reference)
    if parameter is None or not _is_followed(parameter):
        known = ", ".join(sorted(each.name for each in source.search_parameters if _is_followed(each)))
        raise unknown(name, f"names '{shown(reference)}'. The references of {source.type} are: {known}.")
    if target and parameter.targets and target not in parameter.targets:
        raise invalid(name, f"says '{shown(target)}': {source.type}.{reference} is to {', '.join(parameter.targets)}.")
    return (f"{source.type}.{reference}",)


def _check_use(name: str, include: Include, source: ResourceDefinition, searched: Sequence[ResourceDefinition]) -> None:
    """Refuses what could never include anything, rather than answer as if there were nothing to include."""
    if include.iterate:
        return
    types = [definition.type for definition in searched]
    if not include.reverse and source.type not in types:
        raise invalid(name, f"is about {source.type}, which is not searched for: write {name}:iterate to follow it on.")
    if include.reverse and not any(_may_match(include, source, type_) for type_ in types):
        raise invalid(name, f"is about references to other types than {', '.join(types)}: write {name}:iterate.")


def _may_match(include: Include, source: ResourceDefinition, type_: str) -> bool:
    parameters = [source.by_name[key.partition(".")[2]] for key in include.keys]
    return include.target in ("", type_) and any(may_refer(parameter, type_) for parameter in parameters)
