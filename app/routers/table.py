"""Finds a request's route at once; the router itself tries one after the other, and there are more each month.

Which route comes first for a path depends on the words that stand in routes, on the type, and on how many segments
there are, and not on ids. So the route that is meant is kept by these, and only its own match is left to do. What is no
ordinary answer (no route, start and stop) is the router's as ever.
"""

from starlette.exceptions import HTTPException
from starlette.routing import Match, Route, Router
from starlette.types import Receive, Scope, Send

from app.routers.methods import meant

# Far more than there are types and doors; what callers make up beyond that is looked up each time.
MOST = 2_000
# "", "FHIR", "R4" and the type: where a route may tell values apart by a convertor.
VERBATIM = 4
METHOD_NOT_ALLOWED = 405

Shape = tuple[str, ...]


class Table:
    """The routes of a router, found by the shape of a path."""

    def __init__(self, router: Router) -> None:
        self._router = router
        segments = (segment for route in router.routes for segment in getattr(route, "path", "").split("/"))
        self._words = frozenset(segment for segment in segments if "{" not in segment)
        self._known: dict[Shape, Route] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" and not scope.get("root_path") else None
        if found is None:
            await self._router(scope, receive, send)
            return
        match = found.path_regex.match(scope["path"])
        if match is None:
            await self._router(scope, receive, send)
            return
        convertors = found.param_convertors
        scope["path_params"] = {name: convertors[name].convert(value) for name, value in match.groupdict().items()}
        await found.app(scope, receive, send)

    def _find(self, scope: Scope) -> Route | None:
        shape = self._shape(scope["method"], scope["path"])
        if shape in self._known:
            return self._known[shape]
        routes = meant(self._router.routes, scope)
        first = next((route for route in routes if route.matches(scope)[0] is Match.FULL), None)
        if first is None:
            if routes:
                raise HTTPException(METHOD_NOT_ALLOWED)
            return None
        # A line break in a path is matched by some routes alone: what is found for it says nothing of other paths.
        if len(self._known) < MOST and scope["path"].isprintable():
            self._known[shape] = first
        return first

    def _shape(self, method: str, path: str) -> Shape:
        head = path.split("/")
        tail = [segment if segment in self._words else "{}" for segment in head[VERBATIM:]]
        return (method, *head[:VERBATIM], *tail)
