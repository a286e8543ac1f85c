"""A small load generator for machines without wrk: raw HTTP/1.1 on uvloop, in a process of its own.

Python has no packaged load tool that is fast enough beside a service on two processors (locust takes longer to make a
request than the bare service takes to answer it), so this sends ready-made requests and reads of each answer only its
status and length.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import cast

import uvloop

_LENGTH = b"\r\ncontent-length: "
_SEPARATOR = b"\r\n\r\n"


def requests(path: Path) -> list[bytes]:
    """The requests of a file, each of which stands after its length as eight digits."""
    text, position, found = path.read_bytes(), 0, []
    while position < len(text):
        end = position + 8 + int(text[position : position + 8])
        found.append(text[position + 8 : end])
        position = end
    return found


class Load:
    """What all connections share: the requests, whose turn it is, and what came of them."""

    def __init__(self, ready: list[bytes], turn: int, until: float) -> None:
        self.ready, self.turn, self.until = ready, turn, until
        self.latencies: list[float] = []
        self.failed = 0

    def next(self) -> bytes:
        self.turn = (self.turn + 1) % len(self.ready)
        return self.ready[self.turn]


class Connection(asyncio.Protocol):
    """One connection that asks again as soon as it has its answer, until the time is up."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._received = b""
        self._asked = 0.0
        self.closed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(_SEPARATOR)
        if head < 0:
            return
        start = self._received.lower().find(_LENGTH, 0, head) + len(_LENGTH)
        length = int(self._received[start : start + 10].split(b"\r", 1)[0])
        if len(self._received) < head + len(_SEPARATOR) + length:
            return
        self._load.latencies.append(time.perf_counter() - self._asked)
        self._load.failed += self._received[9:10] != b"2"
        self._received = b""
        if time.perf_counter() < self._load.until:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.failed += exc is not None
        self.closed.set_result(None)

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self._load.next())


async def run(port: int, connections: int, seconds: float, path: Path, turn: int) -> dict[str, float]:
    """Sends the file's requests for so long, and says what came of it."""
    started = time.perf_counter()
    load = Load(requests(path), turn, started + seconds)
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: Connection(load), "127.0.0.1", port) for _ in range(connections)]
    await asyncio.gather(*(connection.closed for _, connection in made))
    took = time.perf_counter() - started
    ordered = sorted(load.latencies) or [0.0]
    return {
        "requests": len(load.latencies),
        "seconds": took,
        "p50_ms": ordered[len(ordered) // 2] * 1000,
        "p99_ms": ordered[len(ordered) * 99 // 100] * 1000,
        "failed": load.failed,
    }


def main(port: str, connections: str, seconds: str, path: str, turn: str) -> None:
    result = uvloop.run(run(int(port), int(connections), float(seconds), Path(path), int(turn)))
    print(f"RESULT {json.dumps(result)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
