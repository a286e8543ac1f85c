"""Rows are kept: nobody changes them, and none waits for long."""

import asyncio

import asyncpg
import pytest

from tests.conftest import running
from tests.record.examples import (
    create,
    practitioner,
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET status = 200",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "DROP TABLE audit",
        "UPDATE service_secret SET value = ''",
    ],
)
async def test_the_role_of_the_service_cannot_change_the_trail(connection, statement):
    await connection.execute("SET ROLE kith_app")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)


async def test_the_service_works_under_that_role(database_url):
    async with running(database_url) as client:
        await create(client, practitioner())
        admin = await asyncpg.connect(database_url)
        asked = (
            "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> $1"
        )
        assert await admin.fetchval(asked, admin.get_server_pid()) == "kith"
        await admin.execute("REVOKE kith_app FROM CURRENT_USER")
        await admin.execute("REVOKE SELECT ON resource FROM kith_app")
        response = await client.get("/Practitioner/x")
        await admin.execute("GRANT SELECT ON resource TO kith_app")
        await admin.execute("GRANT kith_app TO CURRENT_USER")
        await admin.close()
    assert response.status_code >= 500


async def test_rows_that_wait_are_written_when_the_service_stops(database_url):
    async with running(database_url) as client:
        for index in range(20):
            await client.get(f"/Practitioner/{index}")
    admin = await asyncpg.connect(database_url)
    assert await admin.fetchval("SELECT count(*) FROM audit") == 20
    await admin.close()


async def test_the_row_of_a_read_is_there_within_a_second(database_url):
    async with running(database_url) as client:
        await client.get("/Practitioner/x")
        admin = await asyncpg.connect(database_url)
        async with asyncio.timeout(5):
            while not await admin.fetchval("SELECT count(*) FROM audit"):
                await asyncio.sleep(0.05)
        await admin.close()
