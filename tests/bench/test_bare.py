"""The benchmark compares like with like: both services read the same rows and write the same rows."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from bench import bare, bundles, generator, load, people
from bench.bodies import BODIES
from tests.conftest import running

TABLES = ("resource_version", "search_token", "search_string", "search_date", "search_reference", "search_uri")


@pytest.fixture(scope="module")
async def database(module_database_url: str) -> str:
    await load.copy(module_database_url, 0, 3)
    await load.settle(module_database_url)
    return module_database_url


@pytest.fixture(scope="module")
async def kith(database: str) -> AsyncIterator[httpx.AsyncClient]:
    async with running(database) as client:
        yield client


@pytest.fixture(scope="module")
async def limit(database: str) -> AsyncIterator[httpx.AsyncClient]:
    app = await bare.application(database, size=1)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://bare.test/FHIR/R4") as client,
    ):
        yield client


async def _rows(url: str, id_: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of one resource, without what must differ: keys, ids, times and the content that holds them."""
    connection = await asyncpg.connect(url)
    found = {}
    for table in TABLES:
        where = "r.id = k.id" if table == "resource_version" else "r.key = k.resource"
        records = await connection.fetch(f"SELECT k.* FROM {table} k JOIN resource r ON {where} WHERE r.id = $1", id_)
        differing = {"resource", "id", "sequence", "updated", "content", "number"}
        found[table] = sorted(
            tuple(str(value) for name, value in record.items() if name not in differing) for record in records
        )
    await connection.close()
    return found


async def test_both_read_the_same_bytes(kith: httpx.AsyncClient, limit: httpx.AsyncClient) -> None:
    for id_ in people.ids(1)[1 : people.SUPPORTERS + 1]:
        answers = [await client.get(f"/RelatedPerson/{id_}") for client in (kith, limit)]
        assert answers[0].status_code == 200
        assert answers[0].content == answers[1].content


async def test_both_find_the_five_supporters_of_a_patient(kith: httpx.AsyncClient, limit: httpx.AsyncClient) -> None:
    patient, *supporters = people.ids(1)[: people.SUPPORTERS + 1]
    for client in (kith, limit):
        bundle = (await client.get("/RelatedPerson", params={"patient": patient})).json()
        assert bundle["total"] == people.SUPPORTERS
        assert [entry["resource"]["id"] for entry in bundle["entry"]] == supporters


@pytest.mark.parametrize("type_", BODIES)
async def test_both_write_the_same_rows(
    kith: httpx.AsyncClient, limit: httpx.AsyncClient, database: str, type_: str
) -> None:
    patient, supporter, *_ = people.ids(2)
    body = BODIES[type_].with_values(patient, supporter, "0000000007")
    written = []
    for client in (kith, limit):
        created = await client.post(f"/{type_}", content=body, headers={"Content-Type": "application/fhir+json"})
        assert created.status_code == 201, created.text
        written.append(await _rows(database, created.json()["id"]))
    assert written[0] == written[1]
    assert written[0]["search_reference"]


async def test_both_write_the_same_rows_of_a_transaction(
    kith: httpx.AsyncClient, limit: httpx.AsyncClient, database: str
) -> None:
    body = next(bundles.transactions([2, 1], 6))
    written = []
    for client in (kith, limit):
        done = await client.post(
            str(client.base_url).rstrip("/"), content=body, headers={"Content-Type": "application/fhir+json"}
        )
        assert done.status_code == 200, done.text
        ids = [entry["resource"]["id"] for entry in done.json()["entry"]]
        rows = str([await _rows(database, id_) for id_ in ids])
        for place, id_ in enumerate(ids):
            rows = rows.replace(id_, f"entry {place}")
        written.append(rows)
    assert written[0] == written[1]
    assert "entry 0" in written[0]


async def test_the_loaded_rows_are_those_that_kith_writes(kith: httpx.AsyncClient, database: str) -> None:
    id_ = people.ids(0)[1]
    loaded = await _rows(database, id_)
    resource = (await kith.get(f"/RelatedPerson/{id_}")).json()
    again = resource | {"meta": {"profile": resource["meta"]["profile"]}}
    created = await kith.post("/RelatedPerson", json=again)
    assert await _rows(database, created.json()["id"]) == loaded


async def test_the_generator_counts_answers_and_failures(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readline() + await reader.readline():
            status = b"200 OK" if b"/good" in request else b"404 Not Found"
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()
        await writer.wait_closed()

    ready = [b"GET /good HTTP/1.1\r\n\r\n", b"GET /bad HTTP/1.1\r\n\r\n"]
    file = tmp_path / "requests"
    file.write_bytes(b"".join(b"%08d%b" % (len(request), request) for request in ready))
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        result = await generator.run(server.sockets[0].getsockname()[1], 2, 0.05, file, 0)
    assert result["requests"] >= 2
    assert 0 < result["failed"] < result["requests"]
