"""One connection's limits: heads that are too large, too slow, or no HTTP, and too many connections."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn

from app import protocol

LARGE = 50_000_000
CLOSED = (ConnectionResetError, BrokenPipeError)


async def answering(scope, receive, send):
    await (large(send) if scope["path"] == "/large" else echo(scope, receive, send))


async def echo(scope, receive, send):
    """Answers with how many bytes of headers and body arrived."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    answer = json.dumps([sum(len(name) + len(value) for name, value in scope["headers"]), len(body)]).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(answer))]})
    await send({"type": "http.response.body", "body": answer})


ASKED = asyncio.Event()


async def large(send):
    ASKED.set()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % LARGE)]})
    await send({"type": "http.response.body", "body": b" " * LARGE})


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[uvicorn.Server]:
    config = uvicorn.Config(
        answering, port=0, http=protocol.BoundedProtocol, ws="none", lifespan="off", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    server.capture_signals = suppress  # the signals are pytest's
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server
    server.should_exit = True
    await serving


@pytest.fixture
def port(server: uvicorn.Server) -> int:
    return server.servers[0].sockets[0].getsockname()[1]


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield reader, writer
    writer.close()
    with suppress(*CLOSED):
        await writer.wait_closed()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of the next response."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return int(head.split(b" ")[1]), await reader.readexactly(int(length.split(b":")[1]))


async def test_requests_on_one_connection_are_answered_in_turn(port):
    async with connected(port) as (reader, writer):
        for size in (0, 10, 300_000):
            writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: %d\r\n\r\n" % size + b"x" * size)
            status, body = await answer(reader)
            assert (status, json.loads(body)[1]) == (200, size)


async def test_pipelined_requests_are_all_answered(port):
    async with connected(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n" * 5)
        assert [(await answer(reader))[0] for _ in range(5)] == [200] * 5


async def test_a_head_below_the_limit_reaches_the_application(port):
    async with connected(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\nx-long: " + b"x" * 900_000 + b"\r\n\r\n")
        status, body = await answer(reader)
        assert status == 200
        assert json.loads(body)[0] > 900_000


@pytest.mark.parametrize("endless", [b"x" * 4096, b"x: y\r\n" * 512], ids=["one header", "many headers"])
async def test_a_head_without_end_is_refused_or_cut_off(port, endless):
    async with connected(port) as (reader, writer):
        sent = 0
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\nx-long: ")
        with suppress(*CLOSED):
            while sent < 64 * protocol.LARGEST_HEAD:
                writer.write(endless)
                await writer.drain()
                sent += len(endless)
        assert sent < 16 * protocol.LARGEST_HEAD
        with suppress(asyncio.IncompleteReadError, *CLOSED):
            status, body = await answer(reader)
            assert status == 431
            assert json.loads(body)["issue"][0]["code"] == "too-long"


async def test_a_url_without_end_is_refused_or_cut_off(port):
    async with connected(port) as (_, writer):
        sent = 0
        writer.write(b"GET /")
        with suppress(*CLOSED):
            while sent < 64 * protocol.LARGEST_HEAD:
                writer.write(b"x" * 65536)
                await writer.drain()
                sent += 65536
        assert sent < 16 * protocol.LARGEST_HEAD


async def test_a_large_body_is_no_large_head(port):
    async with connected(port) as (reader, writer):
        size = 3 * protocol.LARGEST_HEAD
        writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: %d\r\n\r\n" % size + b"x" * size)
        assert json.loads((await answer(reader))[1])[1] == size


async def test_what_is_no_http_is_answered_with_an_outcome(port):
    async with connected(port) as (reader, writer):
        writer.write(b"\x16\x03\x01 hello\r\n\r\n")
        status, body = await answer(reader)
        assert status == 400
        assert json.loads(body)["resourceType"] == "OperationOutcome"
        assert await reader.read() == b""


@pytest.mark.parametrize(
    "lengths",
    [
        b"content-length: 5\r\ntransfer-encoding: chunked",
        b"content-length: 5\r\ncontent-length: 6",
        b"content-length: +5",
        b"transfer-encoding: xchunked",
        b"transfer-encoding: chunked, identity",
        b"transfer-encoding : chunked",
        b"x: y\r\n content-length: 5",
    ],
)
async def test_a_request_that_may_end_in_two_places_is_refused_and_cut_off(port, lengths):
    async with connected(port) as (reader, writer):
        hidden = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"
        writer.write(b"POST / HTTP/1.1\r\nhost: a\r\n" + lengths + b"\r\n\r\n0\r\n\r\n" + hidden)
        status, _ = await answer(reader)
        assert status == 400
        assert await reader.read() == b""


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nhost: a\r\n"])
async def test_a_head_that_takes_too_long_is_cut_off(port, monkeypatch, begun):
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.1)
    async with connected(port) as (reader, writer):
        writer.write(begun)
        assert await reader.read() == b""


async def test_whoever_does_not_read_what_was_asked_for_is_cut_off(port, server, monkeypatch):
    monkeypatch.setattr(protocol, "READ_SECONDS", 0.05)
    async with connected(port) as (reader, writer):
        writer.write(b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n")
        await ASKED.wait()
        while server.server_state.connections:
            await asyncio.sleep(0.01)
        with suppress(asyncio.IncompleteReadError, *CLOSED):
            assert len(await reader.read(LARGE)) < LARGE


class Reader:
    """A transport, and the clock of its loop: so many bytes are still unread at each look."""

    def __init__(self, *unread: int) -> None:
        self.unread = list(unread)
        self.is_cut_off = False
        self.next = None

    def get_write_buffer_size(self) -> int:
        return self.unread.pop(0)

    def abort(self) -> None:
        self.is_cut_off = True

    def call_later(self, seconds, callback, *arguments):
        self.next = lambda: callback(*arguments)
        return self

    def cancel(self) -> None:
        self.next = None


@pytest.mark.parametrize(
    ("unread", "is_cut_off"),
    [((100, 99, 99, 50, 50, 1, 1), False), ((100, 100), True), ((100, 40, 40, 40), True), ((0, 0), True)],
)
async def test_a_slow_reader_is_waited_for_and_one_that_stopped_is_not(unread, is_cut_off):
    config = uvicorn.Config(echo, http=protocol.BoundedProtocol, log_config=None)
    bounded = protocol.BoundedProtocol(config, uvicorn.server.ServerState(), {})
    reader = bounded.transport = bounded.loop = Reader(*unread)
    bounded._watch()
    while reader.unread and not reader.is_cut_off:
        reader.next()
    assert reader.is_cut_off == is_cut_off


async def test_a_reader_that_took_enough_is_not_watched_any_more():
    config = uvicorn.Config(echo, http=protocol.BoundedProtocol, log_config=None)
    bounded = protocol.BoundedProtocol(config, uvicorn.server.ServerState(), {})
    bounded.flow = uvicorn.protocols.http.flow_control.FlowControl(Reader())
    reader = bounded.transport = bounded.loop = Reader(100)
    bounded.pause_writing()
    bounded.resume_writing()
    assert reader.next is None


async def test_a_connection_too_many_is_told_to_come_back(port, monkeypatch):
    async with connected(port) as (kept, writer):
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        await answer(kept)
        monkeypatch.setattr(protocol, "MOST_CONNECTIONS", 1)
        async with connected(port) as (reader, _):
            status, body = await answer(reader)
            assert status == 503
            assert json.loads(body)["issue"][0]["code"] == "transient"
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        assert (await answer(kept))[0] == 200


@pytest.mark.parametrize(("proxy", "status"), [("10.0.0.0/8", 503), ("127.0.0.0/8", 200), ("127.0.0.1", 200)])
async def test_one_address_has_a_part_of_the_connections_unless_many_come_through_it(
    server, port, monkeypatch, proxy, status
):
    monkeypatch.setattr(server.config, "forwarded_allow_ips", [proxy])
    async with connected(port) as (kept, writer):
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        await answer(kept)
        monkeypatch.setattr(protocol, "OF_ONE_ADDRESS", 1)
        async with connected(port) as (reader, other):
            other.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            assert (await answer(reader))[0] == status
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        assert (await answer(kept))[0] == 200
