"""Everything takes a token, but for what says how to get one and what there is: https://www.rfc-editor.org/rfc/rfc6750

A pure ASGI middleware within Boundary, so that a route is closed unless its path is named here. It also counts how
often each client asks, and an address where no client is known.
"""

from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.fhir.errors import BadRequest, FhirError, TooManyRequests, Unauthorised
from app.routers.oauth import JWKS, TOKEN, WELL_KNOWN
from app.routers.surroundings import BASE_PATH, context, service
from app.security.caller import NOBODY

OPEN: Final = frozenset(
    {
        f"{BASE_PATH}/metadata",
        f"{BASE_PATH}{WELL_KNOWN}",
        WELL_KNOWN,
        TOKEN,
        JWKS,
        "/_ping",
        "/.well-known/authzen-configuration",
        "/openapi.json",
        "/docs",
    }
)
OPEN_BELOW: Final = "/docs/"
IN_URL: Final = "access_token"


class Authenticated:
    """Puts what the token stands for into the request's state; Boundary answers a refusal, once it is on record."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["state"]["granted"] = NOBODY
            if not _is_open(scope["path"]):
                try:
                    authentication = scope["app"].state.service.authentication
                    scope["state"]["granted"] = await authentication.granted(_authorization(scope))
                except (Unauthorised, BadRequest) as refusal:
                    await _record(Request(scope), refusal)
                    raise
            _take_turn(scope)
        await self.app(scope, receive, send)


def _is_open(path: str) -> bool:
    return path in OPEN or (path.startswith(OPEN_BELOW) and "/" not in path[len(OPEN_BELOW) :])


def _authorization(scope: Scope) -> str:
    """The Authorization header, '' when there is none. Raises BadRequest for two, and for a token in the URL."""
    query = scope["query_string"]
    may_be = query and (IN_URL.encode() in query or b"%" in query)
    if may_be and any(name == IN_URL for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)):
        raise _invalid("A token in the URL is in everybody's logs, and not taken: send it as Authorization: Bearer.")
    sent = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(sent) > 1:
        raise _invalid("Send one Authorization header.")
    return sent[0].decode("latin-1") if sent else ""


def _invalid(text: str) -> BadRequest:
    return BadRequest(
        text, code="security", headers={"WWW-Authenticate": 'Bearer realm="kith", error="invalid_request"'}
    )


def _take_turn(scope: Scope) -> None:
    """Raises TooManyRequests for a client, or an address without one, that asks too often."""
    client = scope["state"]["granted"].client
    wait = scope["app"].state.service.request_rate.take(f"client {client}" if client else f"address {_address(scope)}")
    if wait:
        raise TooManyRequests("Too many requests at once: try again later.", retry_after=wait)


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


async def _record(request: Request, refusal: FhirError) -> None:
    """The audit row of a refusal. Raises TooManyRequests for an address that is refused all the time."""
    wait = service(request).refusal_rate.take(_address(request.scope))
    if wait:
        raise TooManyRequests("Too many requests were refused: get a token first.", retry_after=wait) from refusal
    surroundings = context(request)
    query = f"{request.method} {request.url.path}"
    row = surroundings.audit_row("access", status=refusal.status, outcome=str(refusal), query=query)
    await surroundings.audit_commit.commit([row])
