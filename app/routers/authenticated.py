"""Everything takes a token, but for what says how to get one and what there is: https://www.rfc-editor.org/rfc/rfc6750

A pure ASGI middleware within Boundary, so that a route is closed unless its path is named here.
"""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.fhir.errors import BadRequest
from app.security.caller import Granted
from app.security.scopes import NOTHING

OPEN: Final = frozenset(
    {
        "/FHIR/R4/metadata",
        "/_ping",
        "/_status",
        "/.well-known/authzen-configuration",
        "/openapi.json",
        "/docs",
    }
)
OPEN_BELOW: Final = "/docs/"
NOBODY: Final = Granted(organisations=frozenset(), scopes=NOTHING)
INVALID_REQUEST: Final = 'Bearer realm="kith", error="invalid_request"'


class Authenticated:
    """Puts what the token stands for into the request's state; Boundary answers a refusal."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            authentication = scope["app"].state.service.authentication
            if path in OPEN or path.startswith(OPEN_BELOW):
                scope["state"]["granted"] = NOBODY
            else:
                scope["state"]["granted"] = await authentication.granted(_authorization(scope))
        await self.app(scope, receive, send)


def _authorization(scope: Scope) -> str:
    """The Authorization header, '' when there is none. Raises BadRequest for two of them."""
    sent = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(sent) > 1:
        raise BadRequest("Send one Authorization header.", headers={"WWW-Authenticate": INVALID_REQUEST})
    return sent[0].decode("latin-1") if sent else ""
