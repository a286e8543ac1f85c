"""The answer to a commit that is lost: what may have been stored is not said to be undone."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs
from uuid import uuid4

import httpx

from tests.conftest import running
from tests.interactions.bundles import post, transaction
from tests.record.examples import issue, practitioner, put

# What PostgreSQL says last, once nothing is open any more: ReadyForQuery, idle.
COMMITTED = b"Z\0\0\0\x05I"
SOCKET = ".s.PGSQL.5432"
OF_REQUEST = "SELECT status, outcome FROM audit WHERE request_id = $1 ORDER BY key"


class Line:
    """Lines to the database. One by which a word was sent goes dead when PostgreSQL says that it has committed."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self.word = b""

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_unix_connection(self._socket)
        said = asyncio.Event()
        await asyncio.gather(self._ask(reader, forth, said), self._answer(back, writer, said))

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: asyncio.Event) -> None:
        async for data in _chunks(reader):
            if self.word and self.word in data:
                said.set()
            writer.write(data)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: asyncio.Event) -> None:
        async for data in _chunks(reader):
            if said.is_set() and COMMITTED in data:
                self.word = b""
                break
            writer.write(data)
        writer.close()


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    with suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            yield data


@asynccontextmanager
async def through_a_line(url: str) -> AsyncIterator[tuple[Line, str]]:
    """A line to the database at `url`, and the address that leads through it."""
    head, _, query = url.partition("?")
    [folder] = parse_qs(query)["host"]
    line = Line(f"{folder}/{SOCKET}")
    with tempfile.TemporaryDirectory(prefix="kith-") as own:
        async with await asyncio.start_unix_server(line.carry, Path(own) / SOCKET):
            yield line, f"{head}?host={own}"


async def _alone(client: httpx.AsyncClient, name_: str) -> httpx.Response:
    return await client.post("/Practitioner", json=practitioner(name=[{"family": name_}]))


async def _by_put(client: httpx.AsyncClient, name_: str) -> httpx.Response:
    return await put(client, practitioner(id=str(uuid4()), name=[{"family": name_}]))


async def _together(client: httpx.AsyncClient, name_: str) -> httpx.Response:
    entries = [post(practitioner(name=[{"family": name_}])) for _ in range(2)]
    return await client.post("/", json=transaction(*entries))


async def test_what_may_be_stored_is_not_said_to_be_undone(database_url, connection):
    async with through_a_line(database_url) as (line, url), running(url) as client:
        for number, write in enumerate((_alone, _by_put, _together)):
            name = f"Lost{number}"
            line.word = name.encode()
            answer = await write(client, name)
            assert (answer.status_code, issue(answer)["code"]) == (503, "transient")
            assert "not known" in issue(answer)["diagnostics"]
            assert not line.word
            assert (await client.get(f"/Practitioner?family={name}")).json()["total"] > 0
            rows = await connection.fetch(OF_REQUEST, answer.headers["X-Request-ID"])
            assert (rows[0]["status"], rows[-1]["status"]) == (201, 503)
            assert "not known" in rows[-1]["outcome"]
