"""The database gone and back: 503 with Retry-After meanwhile, then all is well without a restart."""

import asyncio

import asyncpg
import pytest

from tests.conftest import running
from tests.record.examples import create, issue, name, practitioner, put

TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'kith'"


@pytest.fixture
async def admin(server_url):
    connection = await asyncpg.connect(server_url)
    yield connection
    await connection.close()


def database_of(url):
    return url.partition("?")[0].rpartition("/")[2]


def refused(response):
    return (
        response.status_code == 503
        and int(response.headers["Retry-After"]) > 0
        and issue(response)["code"] == "transient"
    )


async def test_lost_connections_cost_a_503_at_most(database_url, admin):
    async with running(database_url) as client:
        stored = await create(client, practitioner())
        for round_ in range(6):
            await admin.fetch(TERMINATE, database_of(database_url))
            responses = await asyncio.gather(
                client.get(f"/{name(stored)}"),
                client.get("/Practitioner?name=nurse"),
                client.post("/Practitioner", json=practitioner()),
                put(client, practitioner(id=f"round-{round_}")),
                client.delete(f"/Practitioner/round-{round_ - 1}"),
            )
            assert all(response.status_code < 300 or refused(response) for response in responses)
        await recovered(client, stored)


async def test_connections_lost_under_load_lose_nothing_that_was_acknowledged(database_url, admin):
    async with running(database_url) as client:
        written = []

        async def write():
            for _ in range(40):
                response = await client.post("/Practitioner", json=practitioner())
                assert response.status_code == 201 or refused(response), response.text
                if response.status_code == 201:
                    written.append(response.json())
                    if len(written) % 15 == 0:
                        await admin.fetch(TERMINATE, database_of(database_url))

        await asyncio.gather(*(write() for _ in range(4)))
        assert len(written) >= 15
        await recovered(client, written[0])
        for each in written:
            assert (await client.get(f"/{name(each)}")).json() == each


async def test_a_database_that_takes_no_connections_is_a_503_until_it_does(database_url, admin):
    name_ = database_of(database_url)
    async with running(database_url) as client:
        stored = await create(client, practitioner())
        await admin.execute(f"ALTER DATABASE {name_} ALLOW_CONNECTIONS false")
        await admin.fetch(TERMINATE, name_)
        await asyncio.sleep(0.1)
        for response in (
            await client.get(f"/{name(stored)}"),
            await client.get("/Practitioner"),
            await client.get("/Practitioner/_history"),
            await client.post("/Practitioner", json=practitioner()),
            await put(client, stored),
            await client.delete(f"/{name(stored)}"),
        ):
            assert refused(response), response.text
            assert name_ not in response.text
        status = await client.get("http://kith.test/_status")
        assert (status.status_code, status.json()["status"]) == (503, "fail")
        assert (await client.get("http://kith.test/_ping")).status_code == 200
        assert (await client.get("/metadata")).status_code == 200
        await admin.execute(f"ALTER DATABASE {name_} ALLOW_CONNECTIONS true")
        await recovered(client, stored)


async def test_a_database_that_takes_no_writes_is_a_503(database_url, admin):
    name_ = database_of(database_url)
    async with running(database_url) as client:
        stored = await create(client, practitioner())
        await admin.execute(f"ALTER DATABASE {name_} SET default_transaction_read_only = on")
        await admin.fetch(TERMINATE, name_)
        await asyncio.sleep(0.1)
        assert refused(await client.post("/Practitioner", json=practitioner()))
        assert refused(await put(client, stored))
        await admin.execute(f"ALTER DATABASE {name_} RESET default_transaction_read_only")
        await admin.fetch(TERMINATE, name_)
        await recovered(client, stored)


async def test_a_database_that_is_too_busy_is_a_503_until_it_is_not(database_url, monkeypatch):
    monkeypatch.setattr("app.storage.pool.ACQUIRE_SECONDS", 0.2)
    async with running(database_url, pool_size=2) as client:
        stored = await create(client, practitioner())
        connection = await asyncpg.connect(database_url)
        async with connection.transaction():
            await connection.execute("LOCK TABLE resource IN EXCLUSIVE MODE")
            waiting = [asyncio.create_task(put(client, stored)) for _ in range(2)]
            await asyncio.sleep(0.1)
            assert refused(await put(client, stored))
        await connection.close()
        assert {(await response).status_code for response in waiting} == {200}
        await recovered(client, stored)


async def test_a_statement_that_takes_too_long_is_a_503(database_url, monkeypatch):
    monkeypatch.setattr("app.storage.pool.STATEMENT_MILLISECONDS", "200")
    async with running(database_url) as client:
        stored = await create(client, practitioner())
        connection = await asyncpg.connect(database_url)
        async with connection.transaction():
            await connection.execute("LOCK TABLE resource IN EXCLUSIVE MODE")
            assert refused(await put(client, stored))
        await connection.close()
        await recovered(client, stored)


async def recovered(client, stored):
    """Waits until reads and writes work again."""
    async with asyncio.timeout(20):
        while (await client.get(f"/{name(stored)}")).status_code != 200:
            await asyncio.sleep(0.05)
        while (await client.post("/Practitioner", json=practitioner())).status_code != 201:
            await asyncio.sleep(0.05)
    assert (await client.get("http://kith.test/_status")).json()["checks"]["database"][0]["status"] == "pass"
