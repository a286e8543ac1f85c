"""Headers that keep browsers, frames and caches out of what is answered: on every answer, whoever gives it.

What an answer says itself stands: the documentation has a policy of its own, and its files may be kept.
https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers
"""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PROTECTION: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
# https://www.rfc-editor.org/rfc/rfc6797: a year. What other names the domain has is not this service's to say.
TRANSPORT: Final = (b"strict-transport-security", b"max-age=31536000")


class Protected:
    """The outermost layer; with `https` it also tells browsers never to come without."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = (*PROTECTION, TRANSPORT) if https else PROTECTION

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = dict(message["headers"])
                missing = [header for header in self._headers if header[0] not in said]
                message["headers"] = [*message["headers"], *missing]
            await send(message)

        await self._app(scope, receive, protected if scope["type"] == "http" else send)
