"""HTTP/1.1 of one connection, on uvicorn's httptools protocol, with the limits that it lacks.

httptools takes headers of any size and waits for them for ever. Here the head of a request may be a mebibyte and
take ten seconds, whoever reads nothing of an answer for a minute is cut off, a worker serves so many connections at
once, of which one address has a part, and what is refused before there is a request to answer is refused with an
OperationOutcome too. (Heads of more than 64 KiB are answered by the application, which also logs them.)
https://www.rfc-editor.org/rfc/rfc9112, https://www.rfc-editor.org/rfc/rfc6585#section-5
"""

import asyncio
import http
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.fhir import json
from app.fhir.errors import Issue
from app.fhir.outcome import operation_outcome
from app.joined import Joined
from app.routers.protected import PROTECTION

LARGEST_HEAD = 1024 * 1024
HEAD_SECONDS = 10.0
READ_SECONDS = 60.0
MOST_CONNECTIONS = 1000
# So that nobody alone holds all of them, nor, by bodies that do not come, all requests that may be under way.
OF_ONE_ADDRESS = 250


_PROTECTION = [f"{name.decode()}: {value.decode()}" for name, value in PROTECTION]


@lru_cache
def _networks(named: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    """The proxies that the settings name, by address or network."""
    return tuple(ip_network(each) for each in named)


class BoundedProtocol(HttpToolsProtocol):
    """One connection whose request heads are bounded in size and time, and its answers in the time to read them."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head = 0
        self._in_head = True
        self._too_slow: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(Joined(transport, self.loop))  # type: ignore[arg-type]  # a transport in all but its class
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse(503, "transient", "Too many connections: try again.")
        elif self._is_greedy():
            self._refuse(503, "transient", "Too many connections of one address: use those that there are.")
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._stop_watching()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Called when answers wait for their reader."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """Called when enough of them is read."""
        self._stop_watching()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Called when there was no further request for long enough."""
        self._close()

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

    def _is_greedy(self) -> bool:
        """Whether its address has more connections than one may; a proxy, which many come through, may have all."""
        if self.client is None:
            return False
        address, named = self.client[0], self.config.forwarded_allow_ips
        clients = (getattr(each, "client", None) for each in self.connections)
        same = sum(client is not None and client[0] == address for client in clients)
        proxies = _networks(tuple(named)) if self.config.proxy_headers and isinstance(named, list) else ()
        return same > OF_ONE_ADDRESS and not any(ip_address(address) in network for network in proxies)

    def _expect_head(self) -> None:
        if self._too_slow is None:
            self._too_slow = self.loop.call_later(HEAD_SECONDS, self._close)

    def _stop_waiting(self) -> None:
        if self._too_slow is not None:
            self._too_slow.cancel()
            self._too_slow = None

    def _watch(self) -> None:
        if self._unread is None:
            waiting = self.transport.get_write_buffer_size()
            self._unread = self.loop.call_later(READ_SECONDS, self._look_again, waiting)

    def _stop_watching(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _look_again(self, before: int) -> None:
        """Cuts off whoever has read nothing since; a reader who is only slow goes on."""
        self._unread = None
        if self.transport.get_write_buffer_size() >= before:
            self.transport.abort()
        else:
            self._watch()

    def _close(self) -> None:
        """Ends the connection, after what is still to be read of it."""
        self.transport.close()
        self._watch()

    def _refuse(self, status: int, code: str, diagnostics: str) -> None:
        body = json.dumps(operation_outcome([Issue(code, diagnostics)]))
        head = [
            f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}",
            "content-type: application/fhir+json; charset=utf-8",
            f"content-length: {len(body)}",
            *_PROTECTION,
            *(["retry-after: 2"] if status == http.HTTPStatus.SERVICE_UNAVAILABLE else []),
            "connection: close",
        ]
        self.transport.write("\r\n".join([*head, "", ""]).encode() + body)
        self._close()
