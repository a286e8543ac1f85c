"""HTTP/1.1 of one connection, on uvicorn's httptools protocol, with the limits that it lacks.

httptools takes headers of any size and waits for them for ever. Here the head of a request may be a mebibyte and
take ten seconds, a worker serves so many connections at once, and what is refused before there is a request to answer
is refused with an OperationOutcome too. (Heads of more than 64 KiB are answered by the application, which also logs
them.) https://www.rfc-editor.org/rfc/rfc9112, https://www.rfc-editor.org/rfc/rfc6585#section-5
"""

import asyncio
import http
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.fhir import json
from app.fhir.errors import Issue
from app.fhir.outcome import operation_outcome

LARGEST_HEAD = 1024 * 1024
HEAD_SECONDS = 10.0
MOST_CONNECTIONS = 1000


class BoundedProtocol(HttpToolsProtocol):
    """One connection whose request heads are bounded in size and time."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head = 0
        self._in_head = True
        self._too_slow: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse(503, "transient", "Too many connections: try again.")
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if not self._in_head:
            self._head = 0
            return
        self._head += len(data)
        self._expect_head()
        if self._head > LARGEST_HEAD and not self.transport.is_closing():
            self._refuse(431, "too-long", f"The request's headers are more than {LARGEST_HEAD} bytes.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """What uvicorn calls for bytes that are no HTTP."""
        self._refuse(400, "invalid", msg)

    def _expect_head(self) -> None:
        if self._too_slow is None:
            self._too_slow = self.loop.call_later(HEAD_SECONDS, self._close)

    def _stop_waiting(self) -> None:
        if self._too_slow is not None:
            self._too_slow.cancel()
            self._too_slow = None

    def _close(self) -> None:
        self.transport.close()

    def _refuse(self, status: int, code: str, diagnostics: str) -> None:
        body = json.dumps(operation_outcome([Issue(code, diagnostics)]))
        head = [
            f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}",
            "content-type: application/fhir+json; charset=utf-8",
            f"content-length: {len(body)}",
            *(["retry-after: 2"] if status == http.HTTPStatus.SERVICE_UNAVAILABLE else []),
            "connection: close",
        ]
        self.transport.write("\r\n".join([*head, "", ""]).encode() + body)
        self.transport.close()
