"""`kith reindex`: newer search parameters find what was stored before, and nothing else changes."""

import asyncio

import asyncpg
import httpx
import pytest
from typer.testing import CliRunner

from app import reindexing
from app.cli import kith
from app.reindexing import reindex
from app.storage import reindex as storage
from app.storage.pool import Database
from tests.operations.test_concerns import reply
from tests.operations.worklists import concern
from tests.record.examples import by_number, consent, create, name, nhs_number, patient, put, supporter, to
from tests.record.protecting import restriction

BASES = ("http://kith.test/FHIR/R4",)
TABLES = ("search_token", "search_string", "search_date", "search_reference", "search_uri", "search_quantity")


@pytest.fixture
async def database(module_database_url):
    database = Database(module_database_url, size=3)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def everything(client: httpx.AsyncClient):
    """A patient named in each way that a reference can name one, and what others say of them."""
    number = nhs_number()
    of = await create(client, patient(number))
    mum = await create(client, supporter(by_number(number), telecom=[{"system": "phone", "value": "020 7946 0000"}]))
    said = await create(client, consent(to(of), name(mum), dateTime="2026-03-01"))
    again = (await put(client, said | {"dateTime": "2026-03-02"})).json()
    return of, mum, again


@pytest.fixture
async def answered(client: httpx.AsyncClient, everything):
    """A concern of that supporter and the answer to it, and a restriction that hides where to find him."""
    of, mum, _ = everything
    worry = await create(client, concern(to(of), mum))
    return worry, await create(client, reply(of, worry)), await create(client, restriction(to(of), mum))


async def keys(url, *resources):
    """All rows of the search tables of some resources, and their versions."""
    connection = await asyncpg.connect(url)
    ids = [one["id"] for one in resources]
    found = {}
    for table in TABLES:
        select = f"SELECT k.* FROM {table} k JOIN resource r ON r.key = k.resource WHERE r.id = ANY($1)"
        found[table] = sorted(str(sorted(dict(row).items())) for row in await connection.fetch(select, ids))
    select = "SELECT id, version, updated, content::text FROM resource WHERE id = ANY($1) ORDER BY id"
    found["resource"] = [tuple(row) for row in await connection.fetch(select, ids)]
    await connection.close()
    return found


async def test_keys_made_anew_are_those_that_a_write_makes(module_database_url, database, everything, answered):
    stored = [*everything, *answered]
    before = await keys(module_database_url, *stored)
    assert all(before[table] for table in ("search_token", "search_string", "search_date", "search_reference"))
    assert "'answered'" in str(before["search_token"])
    assert "'-RelatedPerson.phone'" in str(before["search_token"])
    for batch in (1, 500):
        assert await reindex(database, BASES, batch, lambda _: None) >= len(stored)
        assert await keys(module_database_url, *stored) == before


async def test_what_was_stored_before_a_parameter_is_found_by_it(client, module_database_url, database, everything):
    _, mum, said = everything
    connection = await asyncpg.connect(module_database_url)
    await connection.execute("DELETE FROM search_string WHERE parameter = 'RelatedPerson.name'")
    await connection.execute(
        "DELETE FROM search_reference WHERE parameter IN ('Consent.actor', 'RelatedPerson.patient')"
    )
    await connection.close()
    asked = {"name": "support", "_id": mum["id"]}
    by_actor = {"actor": name(mum)}
    assert "entry" not in (await client.get("/RelatedPerson", params=asked)).json()
    assert "entry" not in (await client.get("/Consent", params=by_actor)).json()
    await reindex(database, BASES, 2, lambda _: None)
    [found] = (await client.get("/RelatedPerson", params=asked)).json()["entry"]
    assert found["resource"] == mum
    [found] = (await client.get("/Consent", params=by_actor)).json()["entry"]
    assert found["resource"]["meta"]["versionId"] == said["meta"]["versionId"] == "2"


async def test_stopped_it_goes_on_where_it_was(database, everything, monkeypatch):
    told = []

    def stop(count):
        told.append(count)
        if count >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await reindex(database, BASES, 1, stop)
    assert told == [1, 2]
    seen = []
    asked = storage.store

    async def watched(connection, found):
        seen.extend(one.key for one in found)
        await asked(connection, found)

    monkeypatch.setattr(reindexing.storage, "store", watched)
    rest = await reindex(database, BASES, 1, lambda _: None)
    assert len(seen) == len(set(seen)) == rest
    assert everything
    again = await reindex(database, BASES, 500, lambda _: None)
    assert again == rest + 2


async def test_a_version_that_was_written_meanwhile_is_found_by_what_it_holds(client, database, everything):
    of, _, _ = everything
    await asyncio.gather(
        reindex(database, BASES, 1, lambda _: None),
        *(put(client, of | {"name": [{"family": f"Newname{number}"}]}) for number in range(5)),
    )
    last = (await client.get(f"/{name(of)}")).json()
    written = last["name"][0]["family"]
    [found] = (await client.get("/Patient", params={"family": written, "_id": of["id"]})).json()["entry"]
    assert found["resource"] == last
    others = [f"Newname{number}" for number in range(5) if f"Newname{number}" != written]
    assert "entry" not in (await client.get("/Patient", params={"family": ",".join(others), "_id": of["id"]})).json()


def test_the_command_says_how_far_it_came_and_is_on_record(module_database_url, everything):
    done = CliRunner(env={"KITH_DATABASE_URL": module_database_url, "KITH_LOG_LEVEL": "WARNING"}).invoke(
        kith, ["reindex"]
    )
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1].startswith("All ")
    assert everything
