"""Routes without what FastAPI does for each request and these do not need.

A FHIR endpoint takes the request itself and makes its own response: bodies are not FastAPI models, parameters follow
FHIR's rules, and no dependency has to be solved or closed. Handing the request straight to the endpoint saves about
half of the time that a route costs (docs/decisions/0002-direct-routes.md). OpenAPI is written from the definitions.
"""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]


class FoundHeaders(Headers):
    """Headers of a request, of which the first of each name is found without looking through all."""

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        super().__init__(raw=raw)
        self._first = dict(reversed(raw))

    def get(self, key: str, default: Any = None) -> Any:
        """The first value under a lower-case name."""
        value = self._first.get(key.encode("latin-1"))
        return default if value is None else value.decode("latin-1")

    def getlist(self, key: str) -> list[str]:
        """All values under a lower-case name."""
        return super().getlist(key) if key.encode("latin-1") in self._first else []


class DirectRequest(Request):
    """A request whose headers are asked for by name, several times and mostly in vain."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(scope, receive, send)
        self._headers = FoundHeaders(scope["headers"])


class DirectRoute(APIRoute):
    """An APIRoute whose endpoint is called with the request alone; Boundary answers its failures."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        direct = cast(Endpoint, endpoint)

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            response = await direct(DirectRequest(scope, receive, send))
            await response(scope, receive, send)

        self.app = answer
