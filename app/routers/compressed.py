"""Bodies that arrive compressed: https://www.rfc-editor.org/rfc/rfc9110#section-8.4

What a body holds is bounded, not only what is sent: a few bytes of gzip can stand for gigabytes.
"""

import zlib

from app.fhir.errors import BadRequest


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
