"""What of the record a search may touch, by the caller's scopes: the types searched, and those it goes on to.

A type that the caller may only see a part of is searched within that part. It cannot be gone through by a chain or
include: what is found would tell of the rest.
"""

from collections.abc import Iterable
from functools import lru_cache

from app.fhir.definition import ResourceDefinition
from app.fhir.resources import BY_TYPE
from app.fhir.search.criterion import Chain, Condition, Has, Link
from app.security.permission import permitted, require
from app.security.scopes import EVERY_TYPE, Allowed, Scope, Scopes


@lru_cache(1024)
def reachable(scopes: Scopes) -> tuple[str, ...]:
    """The types of which the caller may find every resource that its organisations let it see."""
    allowed = ((type_, scopes.allows(type_, "s")) for type_ in BY_TYPE)
    return tuple(type_ for type_, found in allowed if found is not None and not found.constraints)


@lru_cache(1024)
def readable(scopes: Scopes) -> tuple[str, ...]:
    """The types of which the caller may read every resource that its organisations let it see."""
    allowed = ((type_, scopes.allows(type_, "r")) for type_ in BY_TYPE)
    return tuple(type_ for type_, found in allowed if found is not None and not found.constraints)


def permitted_of(scopes: Scopes, definitions: Iterable[ResourceDefinition]) -> list[Allowed]:
    """What the caller may find of each type. Raises InsufficientScope unless there are types, and some of each."""
    allowed = [permitted(scopes, "search-type", definition.type) for definition in definitions]
    if not allowed:
        require(scopes, Scope(EVERY_TYPE, "s"))
    return allowed


def check_reach(scopes: Scopes, conditions: Iterable[Condition]) -> None:
    """Raises InsufficientScope for a chain or `_has` that leads through a type the caller may not search."""
    for condition in conditions:
        for link in _links(condition):
            require(scopes, Scope(link.definition.type, "s"), "The search leads through another type.")
            check_reach(scopes, (link.condition,))


def _links(condition: Condition) -> tuple[Link, ...]:
    match condition:
        case Chain(links):
            return links
        case Has(link):
            return (link,)
        case _:
            return ()
