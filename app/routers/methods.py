"""Which methods a path has: for Allow, and for who asks with OPTIONS. https://www.rfc-editor.org/rfc/rfc9110#section-9"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from app.fhir.patch.reading import MEDIA_TYPES

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
Endpoint = Callable[[Request], Awaitable[Response]]
_REFUSING: Final[set[Endpoint]] = set()


def refusing(endpoint: Endpoint) -> Endpoint:
    """Marks an endpoint that only says why its methods are not to be had."""
    _REFUSING.add(endpoint)
    return endpoint


def meant(routes: Iterable[BaseRoute], scope: Scope) -> list[Route]:
    """The routes of a path, whatever the method, in their order.

    Of those that match, the ones with the most words: /Patient/_search is a search, and no Patient of this id.
    """
    matching = [route for route in routes if isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE]
    most = max((_words(route) for route in matching), default=0)
    return [route for route in matching if _words(route) == most]


def allowed(routes: Iterable[BaseRoute], scope: Scope) -> list[str]:
    """The methods of a path; none when there is nothing. HEAD goes with GET, and OPTIONS with any."""
    routes = meant(routes, scope)
    found = [method for method in METHODS if _offers(routes, method)]
    return [*found, *(["HEAD"] if "GET" in found else []), "OPTIONS"] if found else []


def headers(methods: list[str]) -> dict[str, str]:
    """The headers that tell these methods."""
    told = {"Allow": ", ".join(methods)}
    return told | {"Accept-Patch": ", ".join(MEDIA_TYPES)} if "PATCH" in methods else told


def _offers(routes: list[Route], method: str) -> bool:
    first = next((route for route in routes if method in (route.methods or ())), None)
    return first is not None and first.endpoint not in _REFUSING


def _words(route: Route) -> int:
    return sum("{" not in segment for segment in route.path.split("/"))
