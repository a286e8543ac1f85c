"""Compression of answers, and bodies that arrive compressed: https://www.rfc-editor.org/rfc/rfc9110#section-8.4

What a body holds is bounded, not only what is sent: a few bytes of gzip can stand for gigabytes.
"""

import re
import zlib
from typing import Final

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from app.fhir.errors import BadRequest

_REFUSED: Final = re.compile(rb"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


class Compressed(GZipMiddleware):
    """Answers in gzip, for those who accept it; others do not pay for looking at it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _accepts_gzip(scope):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _accepts_gzip(scope: Scope) -> bool:
    sent = [value for name, value in scope["headers"] if name == b"accept-encoding"]
    return any(b"gzip" in value and not _REFUSED.search(value) for value in sent)


class Gunzip:
    """Decompresses a body piece by piece, never further than a limit."""

    def __init__(self, largest: int) -> None:
        self._stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        self._left = largest

    def feed(self, chunk: bytes) -> bytes | None:
        """The content of the next piece; None when there is more than the limit. Raises BadRequest."""
        try:
            content = self._stream.decompress(chunk, self._left + 1)
        except zlib.error:
            raise _broken() from None
        self._left -= len(content)
        if self._stream.unused_data:
            raise _broken()
        return content if self._left >= 0 else None

    def finish(self) -> None:
        """Raises BadRequest when the end is missing."""
        if not self._stream.eof:
            raise _broken()


def _broken() -> BadRequest:
    return BadRequest("The body is not sound gzip.", code="structure")
