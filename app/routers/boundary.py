"""The outermost layer: request ids, limits before anything is read, the access log, and the last catch.

A pure ASGI middleware, so that it costs little and sees every answer, failures included.
"""

import logging
from time import perf_counter
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.fhir.base import PATH
from app.fhir.errors import BadRequest, FhirError, HeadersTooLarge, NotFound, Unavailable, UriTooLong
from app.logs import line
from app.routers.failures import failure, not_routed, unexpected
from app.routers.headers import correlation_id, request_id
from app.routers.unheard import on_record
from app.security.caller import NOBODY

HEADER_BYTES = 64 * 1024
HEADER_COUNT = 200
URL_BYTES = 64 * 1024
# Whether a busy service runs is a question that it answers all the same: who asks restarts what does not answer.
PING = "/_ping"

access = logging.getLogger("kith.access")
log = logging.getLogger("kith")


class Boundary:
    """Wraps the application; every answer carries X-Request-ID, and X-Correlation-ID when it was sent.

    `most_requests` may be under way at a time.
    """

    def __init__(self, app: ASGIApp, *, most_requests: int) -> None:
        self.app = app
        self._most = most_requests
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        exchange = _Exchange(scope, send)
        self._under_way += 1
        try:
            await self._answer(exchange, scope, receive)
        finally:
            self._under_way -= 1
        if access.isEnabledFor(logging.INFO):
            access.handle(exchange.line(perf_counter() - started))

    async def _answer(self, exchange: "_Exchange", scope: Scope, receive: Receive) -> None:
        try:
            exchange.begin(busy=self._under_way > self._most)
            scope["path"] = _meant(scope)
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


def _meant(scope: Scope) -> str:
    """The path of a request; a slash behind the last part of one of FHIR's says nothing, as clients expect.

    Whatever is asked of the path from here on, who may ask it and what is on record are then the same.
    """
    path: str = scope["path"]
    if not path.endswith("/") or path.endswith("//") or not path.startswith(f"{PATH}/"):
        return path
    raw: bytes = scope.get("raw_path") or b"/"
    return path[:-1] if raw.endswith(b"/") else path  # %2F belongs to the part before it


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

    def begin(self, *, busy: bool) -> None:
        """Checks what can be checked before routing, and notes the ids. Raises FhirError."""
        scope = self._scope
        state = scope.setdefault("state", {})
        if busy and scope["path"] != PING:
            raise Unavailable("Too many requests are under way: try again.", retry_after=1)
        headers = scope["headers"]
        hosts = sum(name == b"host" for name, _ in headers)
        if hosts > 1 or (not hosts and scope["http_version"] == "1.1"):
            # https://www.rfc-editor.org/rfc/rfc9112#section-3.2: what stands in front may have believed another one.
            raise BadRequest("A request has one Host header.", code="structure")
        if len(headers) > HEADER_COUNT:
            raise HeadersTooLarge(f"There are more than {HEADER_COUNT} headers.")
        if sum(len(name) + len(value) for name, value in headers) > HEADER_BYTES:
            raise HeadersTooLarge(f"The headers are larger than {HEADER_BYTES} bytes.")
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > URL_BYTES:
            raise UriTooLong(f"The URL is longer than {URL_BYTES} bytes; search by POST _search instead.")
        if "\0" in scope["path"]:  # no text of PostgreSQL holds it
            raise NotFound("There is nothing at an address with a NUL character.")
        sent = {name: value.decode("latin-1") for name, value in headers if name.startswith(b"x-")}
        self.request_id = state["request_id"] = request_id(sent.get(b"x-request-id"), scope["path"])
        self._correlation_id = state["correlation_id"] = correlation_id(sent.get(b"x-correlation-id"))

    def line(self, seconds: float) -> logging.LogRecord:
        """What the access log tells of it: never the query, which may say who is asked about."""
        scope = self._scope
        path: str = scope["path"]
        plain = path.isprintable() and " " not in path  # what looks like another line, or another member, is escaped
        granted = scope["state"].get("granted", NOBODY)
        told = {"status": self.status, "ms": round(seconds * 1000, 1), "request_id": self.request_id}
        if granted.client:
            told |= {"client": granted.client, "organisation": granted.organisation}
        return line(access.name, "%s %s", scope["method"], path if plain else quote(path), **told)

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
