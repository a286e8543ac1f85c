"""The outermost layer: request ids, limits before anything is read, the access log, and the last catch.

A pure ASGI middleware, so that it costs little and sees every answer, failures included.
"""

import logging
from time import perf_counter

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.fhir.errors import FhirError, HeadersTooLarge, NotFound, UriTooLong
from app.logs import line
from app.routers.failures import failure, not_routed, unexpected
from app.routers.headers import correlation_id, request_id
from app.routers.unheard import on_record

HEADER_BYTES = 64 * 1024
URL_BYTES = 64 * 1024

access = logging.getLogger("kith.access")
log = logging.getLogger("kith")


class Boundary:
    """Wraps the application; every answer carries X-Request-ID, and X-Correlation-ID when it was sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        exchange = _Exchange(scope, send)
        try:
            exchange.begin()
            # HEAD is GET without the body: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2
            asked = {**scope, "method": "GET"} if exchange.is_head else scope
            await self.app(asked, receive, exchange.send)
        except FhirError as refusal:
            await failure(on_record(Request(scope), refusal))(scope, receive, exchange.send)
        except HTTPException as problem:
            await _unrouted(Request(scope), problem)(scope, receive, exchange.send)
        except ClientDisconnect:
            exchange.status = 499
        except Exception:
            log.exception("request %s failed unexpectedly", exchange.request_id)
            if not exchange.status:
                await unexpected(exchange.request_id)(scope, receive, exchange.send)
        if access.isEnabledFor(logging.INFO):
            took = (perf_counter() - started) * 1000
            values = (scope["method"], scope["path"], exchange.status, took, exchange.request_id)
            access.handle(line(access.name, "%s %s %s %.1f ms %s", *values))


def _unrouted(request: Request, problem: HTTPException) -> Response:
    refusal = not_routed(request, problem)
    if request.method == "OPTIONS" and "Allow" in refusal.headers:
        return Response(b"", 204, refusal.headers)
    return failure(on_record(request, refusal))


class _Exchange:
    """One request and what has been answered to it so far."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self.is_head = scope["method"] == "HEAD"
        self.status = 0
        self.request_id = ""
        self._correlation_id = ""

    def begin(self) -> None:
        """Checks what can be checked before routing, and notes the ids. Raises FhirError."""
        scope = self._scope
        state = scope.setdefault("state", {})
        headers = scope["headers"]
        if sum(len(name) + len(value) for name, value in headers) > HEADER_BYTES:
            raise HeadersTooLarge(f"The headers are larger than {HEADER_BYTES} bytes.")
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > URL_BYTES:
            raise UriTooLong(f"The URL is longer than {URL_BYTES} bytes; search by POST _search instead.")
        if "\0" in scope["path"]:  # no text of PostgreSQL holds it
            raise NotFound("There is nothing at an address with a NUL character.")
        sent = {name: value.decode("latin-1") for name, value in headers if name.startswith(b"x-")}
        self.request_id = state["request_id"] = request_id(sent.get(b"x-request-id"), scope["path"])
        self._correlation_id = state["correlation_id"] = correlation_id(sent.get(b"x-correlation-id"))

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.request_id = self.request_id or request_id(None)  # refused before its own was read
            message["headers"] = [*message["headers"], (b"x-request-id", self.request_id.encode())]
            if self._correlation_id:
                message["headers"].append((b"x-correlation-id", self._correlation_id.encode()))
        elif self.is_head:
            message = {**message, "body": b""}
        await self._send(message)
