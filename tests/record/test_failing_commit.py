"""A 2xx means committed: when the commit fails, nothing was stored and nothing says so."""

import asyncpg
import pytest

from tests.conftest import running
from tests.record.examples import by_number, create, issue, name, nhs_number, patient, practitioner, put, supporter

TABLES = ("resource", "resource_version", "search_string", "search_token", "search_reference", "nhs_number")
FAIL_AT_COMMIT = """
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE {error}; END $$;
CREATE CONSTRAINT TRIGGER fail AFTER INSERT OR UPDATE ON resource
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()
"""
ERRORS = ["EXCEPTION 'secret detail of the database'", "serialization_failure", "deadlock_detected", "disk_full",
          "admin_shutdown", "check_violation", "unique_violation"]  # fmt: skip


async def counts(connection):
    return [await connection.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES]


@pytest.mark.parametrize("error", ERRORS)
async def test_a_write_whose_commit_fails_is_an_error_and_leaves_nothing(database_url, connection, error):
    async with running(database_url) as client:
        number = nhs_number()
        stored = await create(client, practitioner())
        before = await counts(connection)
        await connection.execute(FAIL_AT_COMMIT.format(error=error))
        responses = [
            await client.post("/Practitioner", json=practitioner()),
            await client.post("/RelatedPerson", json=supporter(by_number(number))),
            await client.post("/Patient", json=patient(number)),
            await put(client, practitioner(id="new")),
            await put(client, {**stored, "active": True}),
            await client.delete(f"/{name(stored)}"),
        ]
        for response in responses:
            assert response.status_code in (409, 500, 503), response.text
            assert "secret" not in response.text
            assert issue(response)
        assert await counts(connection) == before
        assert (await client.get(f"/{name(stored)}")).json() == stored
        rows = await connection.fetch("SELECT status FROM audit WHERE key > 1 AND interaction <> 'read'")
        assert [row["status"] for row in rows] == [response.status_code for response in responses]
        await connection.execute("DROP TRIGGER fail ON resource")
        assert (await client.post("/Practitioner", json=practitioner())).status_code == 201


async def test_an_index_that_cannot_be_written_fails_the_write(database_url, connection):
    async with running(database_url) as client:
        await connection.execute("ALTER TABLE search_string ADD CONSTRAINT never CHECK (value = '') NOT VALID")
        response = await client.post("/Practitioner", json=practitioner())
        assert response.status_code >= 500
        assert await counts(connection) == [0] * len(TABLES)


async def test_an_index_that_is_away_fails_the_write(database_url, connection):
    async with running(database_url) as client:
        await connection.execute("REVOKE INSERT ON search_token FROM kith_app")
        response = await client.post("/Practitioner", json=practitioner())
        assert response.status_code >= 500
        assert await counts(connection) == [0] * len(TABLES)
        assert isinstance(connection, asyncpg.Connection)
