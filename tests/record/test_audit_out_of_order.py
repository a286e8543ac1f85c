"""No audit, no answer: what cannot be recorded does not happen. https://hl7.org/fhir/R4/auditevent.html"""

import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.conftest import running
from tests.record.examples import create, issue, name, practitioner, put

FAILING = """
CREATE FUNCTION failing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$;
CREATE TRIGGER failing BEFORE INSERT ON audit FOR EACH STATEMENT EXECUTE FUNCTION failing()
"""
BREAKS = {
    "the role may not insert": ("REVOKE INSERT ON audit FROM kith_app", "GRANT INSERT ON audit TO kith_app"),
    "the table is away": ("ALTER TABLE audit RENAME TO audit_away", "ALTER TABLE audit_away RENAME TO audit"),
    "inserting fails": (FAILING, "DROP TRIGGER failing ON audit; DROP FUNCTION failing()"),
    "inserting is against a rule": (
        "ALTER TABLE audit ADD CONSTRAINT never CHECK (status < 0) NOT VALID",
        "ALTER TABLE audit DROP CONSTRAINT never",
    ),
}


@asynccontextmanager
async def broken(admin, how):
    breaks, mends = BREAKS[how]
    await admin.execute(breaks)
    yield
    await admin.execute(mends)


async def until(client, path, *codes):
    """Asks until one of these is the answer."""
    async with asyncio.timeout(20):
        while (response := await client.get(path)).status_code not in codes:
            await asyncio.sleep(0.05)
    return response


def refused(response):
    return (
        response.status_code == 503
        and int(response.headers["Retry-After"]) > 0
        and issue(response)["code"] == "transient"
    )


@pytest.mark.parametrize("how", BREAKS)
async def test_nothing_is_written_while_the_trail_cannot_be(database_url, connection, how):
    async with running(database_url) as client:
        stored = await create(client, practitioner())
        async with broken(connection, how):
            responses = [
                await client.post("/Practitioner", json=practitioner()),
                await put(client, {**stored, "active": True}),
                await put(client, practitioner(id="new")),
                await client.delete(f"/{name(stored)}"),
                await client.delete("/Practitioner/nobody"),
                await client.post("/Practitioner", json={}),
            ]
            assert [refused(response) for response in responses] == [True] * 6, [each.text for each in responses]
        assert await connection.fetchval("SELECT count(*) FROM resource") == 1
        assert await connection.fetchval("SELECT count(*) FROM resource_version") == 1
        assert (await client.get(f"/{name(stored)}")).json() == stored
        assert (await put(client, stored)).status_code == 200


@pytest.mark.parametrize("how", BREAKS)
async def test_nothing_is_read_while_the_trail_cannot_be_written(database_url, connection, how):
    async with running(database_url) as client:
        stored = await create(client, practitioner())
        paths = [f"/{name(stored)}", f"/{name(stored)}/_history", f"/{name(stored)}/_history/1", "/Practitioner?name=x"]
        async with broken(connection, how):
            await until(client, paths[0], 503)
            for path in paths:
                assert refused(await client.get(path))
        await until(client, paths[0], 200)
    rows = await connection.fetch("SELECT status FROM audit WHERE interaction = 'read'")
    assert rows
    assert {row["status"] for row in rows} == {200}


async def test_what_was_read_before_is_recorded_once_the_trail_is_back(database_url, connection):
    async with running(database_url) as client:
        async with broken(connection, "the role may not insert"):
            answered = 0
            async with asyncio.timeout(20):
                while (await client.get("/Practitioner/nobody")).status_code == 404:
                    answered += 1
        await until(client, "/Practitioner/other", 404)
    read = await connection.fetchval("SELECT count(*) FROM audit WHERE id = 'nobody'")
    assert read == answered


async def test_a_full_queue_refuses_reads_and_not_writes(database_url, connection):
    async with running(database_url, audit_queue=2) as client:
        stored = await create(client, practitioner())
        async with connection.transaction():
            await connection.execute("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE")
            codes = [(await client.get(f"/{name(stored)}")).status_code for _ in range(4)]
            assert codes == [200, 200, 503, 503]
            assert refused(await client.get("/Practitioner?name=x"))
            writing = asyncio.create_task(put(client, stored))
        assert (await writing).status_code == 200
        await until(client, f"/{name(stored)}", 200)
