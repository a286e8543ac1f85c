"""An answer's head and body in one piece: what is written to a connection at one time is sent together.

Each write is a call to the system and wakes whoever waits for the answer, and uvicorn writes an answer in two.
"""

import asyncio
from typing import Any, Final

# More than this is not kept back, so that whoever writes too much is still told to wait.
MOST_BYTES: Final = 64 * 1024


class Joined:
    """A transport that sends what was written once the loop comes round; in all else it is the one it is made of."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []
        self._size = 0
        # What each request asks for is not looked up each time.
        self.is_closing = transport.is_closing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Sends it together with what else is written now."""
        if not self._waiting:
            self._loop.call_soon(self._send)
        self._waiting.append(data)
        self._size += len(data)
        if self._size > MOST_BYTES:
            self._send()

    def get_write_buffer_size(self) -> int:
        """How many bytes are still to be read."""
        return self._size + self._transport.get_write_buffer_size()

    def close(self) -> None:
        """Ends the connection, after what was written."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        if waiting and not self.is_closing():
            self._transport.write(b"".join(waiting))
