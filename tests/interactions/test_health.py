"""/_ping and /_status: https://digital.nhs.uk/developer/guides-and-documentation/reference-guide#status-endpoint"""

import asyncpg

from app import __version__
from tests.conftest import running

PING, STATUS = "http://kith.test/_ping", "http://kith.test/_status"


async def test_ping_says_which_release_runs(module_database_url):
    async with running(module_database_url, release_id="2026-11", commit_id="0123456789abcdef") as client:
        response = await client.get(PING)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {
        "version": __version__,
        "revision": "0123456",
        "releaseId": "2026-11",
        "commitId": "0123456789abcdef",
    }


async def test_status_passes_while_all_is_well(client):
    response = await client.get(STATUS)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    body = response.json()
    assert body["status"] == "pass"
    assert {name: checks[0]["status"] for name, checks in body["checks"].items()} == {
        "database": "pass",
        "audit": "pass",
    }


async def test_status_warns_while_the_audit_queue_fills(database_url):
    async with running(database_url, audit_queue=3) as client:
        connection = await asyncpg.connect(database_url)
        async with connection.transaction():
            await connection.execute("LOCK TABLE audit IN EXCLUSIVE MODE")
            for _ in range(2):
                assert (await client.get("/Patient/x")).status_code == 404
            assert (await client.get(STATUS)).json()["checks"]["audit"][0]["status"] == "warn"
        await connection.close()


async def test_status_fails_with_503_while_the_audit_queue_is_full(database_url):
    async with running(database_url, audit_queue=1) as client:
        connection = await asyncpg.connect(database_url)
        async with connection.transaction():
            await connection.execute("LOCK TABLE audit IN EXCLUSIVE MODE")
            assert (await client.get("/Patient/x")).status_code == 404
            response = await client.get(STATUS)
            assert response.status_code == 503
            assert response.json()["status"] == "fail"
            assert response.json()["checks"]["audit"][0]["status"] == "fail"
        await connection.close()
