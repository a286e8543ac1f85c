"""Routes without what FastAPI does for each request and these do not need.

A FHIR endpoint takes the request itself and makes its own response: bodies are not FastAPI models, parameters follow
FHIR's rules, and no dependency has to be solved or closed. Handing the request straight to the endpoint saves about
half of the time that a route costs (docs/decisions/0002-direct-routes.md). OpenAPI is written from the definitions.
"""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]


class DirectRoute(APIRoute):
    """An APIRoute whose endpoint is called with the request alone; Boundary answers its failures."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        direct = cast(Endpoint, endpoint)

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            response = await direct(Request(scope, receive, send))
            await response(scope, receive, send)

        self.app = answer
