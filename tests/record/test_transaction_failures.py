"""Transactions that break off: wherever the database fails, nothing is left and nothing says that it was done."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from tests.conftest import running
from tests.interactions.bundles import batch, delete, post, put_entry, send, statuses
from tests.record.examples import (
    by_number,
    consent,
    create,
    issue,
    name,
    nhs_number,
    organization,
    patient,
    plan,
    practitioner,
    supporter,
)

TABLES = ("resource", "resource_version", "search_string", "search_token", "search_reference", "nhs_number")
FAIL = """
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF NEW.{column} = '{value}' THEN RAISE {error}; END IF; RETURN NEW; END $$;
CREATE {constraint} TRIGGER fail {when} INSERT OR UPDATE ON {table} {deferred} FOR EACH ROW EXECUTE FUNCTION fail()
"""


async def fail(connection: asyncpg.Connection, table: str, column: str, value: str, *, at_commit: bool = False) -> None:
    """Makes the database refuse rows with this value, at once or when it commits."""
    parts = ("CONSTRAINT", "AFTER", "DEFERRABLE INITIALLY DEFERRED") if at_commit else ("", "BEFORE", "")
    constraint, when, deferred = parts
    error = "EXCEPTION 'secret detail of the database'"
    await connection.execute(
        FAIL.format(
            column=column, value=value, error=error, constraint=constraint, when=when, table=table, deferred=deferred
        )
    )


async def counts(connection: asyncpg.Connection) -> list[int]:
    return [await connection.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES]


def entries(number: str, standing: dict) -> list[dict]:
    who = f"urn:uuid:{uuid4()}"
    return [
        post(patient(number)),
        post(supporter(by_number(number)), full_url=who),
        post(consent(by_number(number), who)),
        post(plan(by_number(nhs_number()))),
        put_entry({**standing, "name": "Changed"}),
        put_entry(practitioner(id="chosen")),
        delete(f"Organization/{uuid4()}"),
    ]


@pytest.mark.parametrize("at_commit", [False, True])
@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("resource", "type", "Patient"),
        ("resource", "type", "RelatedPerson"),
        ("resource", "type", "Consent"),
        ("resource_version", "type", "CarePlan"),
        ("resource", "type", "Organization"),
        ("resource_version", "id", "chosen"),
        ("audit", "type", "CarePlan"),
        ("audit", "interaction", "delete"),
    ],
)
async def test_a_failure_at_any_entry_leaves_nothing(database_url, connection, table, column, value, at_commit):
    async with running(database_url) as client:
        standing, number = await create(client, organization()), nhs_number()
        before = await counts(connection)
        await fail(connection, table, column, value, at_commit=at_commit)
        response = await send(client, *entries(number, standing))
        assert response.status_code >= 500
        assert "secret" not in response.text
        assert await counts(connection) == before
        assert (await client.get(f"/{name(standing)}")).json() == standing
        await connection.execute(f"DROP TRIGGER fail ON {table}")
        assert set(statuses(await send(client, *entries(number, standing)))) == {"200", "201", "204"}


async def test_a_connection_that_is_killed_midway_leaves_nothing(database_url, connection, server_url):
    """A lock on what the last entry writes keeps the transaction waiting, and then its connection is killed."""
    async with running(database_url) as client:
        standing = await create(client, organization())
        before = await counts(connection)
        number = nhs_number()
        async with connection.transaction():
            await connection.execute("SELECT FROM resource WHERE id = $1 FOR UPDATE", standing["id"])
            sending = asyncio.create_task(
                send(client, post(patient(number)), put_entry(standing), post(practitioner()))
            )
            waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'kith'"
            async with asyncio.timeout(20):
                while (pid := await connection.fetchval(waiting)) is None:
                    await asyncio.sleep(0.01)
            await connection.fetchval("SELECT pg_terminate_backend($1)", pid)
            response = await sending
        assert response.status_code == 503
        assert issue(response)["code"] == "transient"
        assert await counts(connection) == before
        assert statuses(await send(client, post(patient(number)), put_entry(standing))) == ["201", "200"]


async def test_what_was_answered_can_be_read_at_once_over_another_connection(database_url):
    async with running(database_url) as client, running(database_url) as other:

        async def write(number: int) -> None:
            response = await send(client, post(practitioner()), put_entry(organization(id=f"o-{number}")))
            for answer in response.json()["entry"]:
                read = await other.get(f"/{name(answer['resource'])}")
                assert read.json() == answer["resource"]

        await asyncio.gather(*(write(number) for number in range(20)))


async def test_a_batch_goes_on_after_an_entry_at_which_the_database_failed(database_url, connection):
    async with running(database_url) as client:
        await fail(connection, "resource", "type", "Organization")
        response = await client.post("", json=batch(post(organization()), post(practitioner())))
        assert statuses(response) == ["500", "201"]
        assert "secret" not in response.text
