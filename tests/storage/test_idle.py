"""Connections between two borrowers: each is lent to one at a time, none is lost, and what broke is replaced."""

import asyncio

import asyncpg
import pytest

from app.fhir.errors import Unavailable
from app.storage.pool import Database


@pytest.fixture
async def database(module_database_url: str):
    opened = Database(module_database_url, size=2)
    await opened.open()
    yield opened
    await opened.close()


async def _pid(database: Database) -> int:
    async with database.connection(None) as connection:
        return await connection.fetchval("SELECT pg_backend_pid()")


async def test_a_connection_that_came_back_in_order_is_lent_again(database) -> None:
    assert await _pid(database) == await _pid(database)


async def test_many_borrowers_share_few_connections_one_at_a_time(database) -> None:
    lent: set[int] = set()

    async def borrow() -> int:
        async with database.connection(None) as connection:
            pid = connection.get_server_pid()
            assert pid not in lent
            lent.add(pid)
            await connection.fetchval("SELECT pg_sleep(0.001)")
            lent.remove(pid)
            return pid

    assert len(set(await asyncio.gather(*(borrow() for _ in range(50))))) == 2


async def test_borrowers_that_are_cancelled_while_they_wait_take_no_connection_with_them(database) -> None:
    for _ in range(20):
        waiting = [asyncio.create_task(_pid(database)) for _ in range(10)]
        await asyncio.sleep(0.001)
        for task in waiting[::2]:
            task.cancel()
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(result, int | asyncio.CancelledError) for result in results)
    async with database.connection(None) as one, database.connection(None) as other:
        assert one.get_server_pid() != other.get_server_pid()


async def test_a_failed_statement_leaves_a_connection_that_works(database) -> None:
    for _ in range(5):
        with pytest.raises(asyncpg.DivisionByZeroError):
            async with database.connection(None) as connection:
                await connection.fetchval("SELECT 1 / 0")
    assert await _pid(database)


async def test_a_transaction_that_was_left_open_is_not_lent_on(database) -> None:
    async with database.connection(None) as connection:
        await connection.execute("BEGIN")
    async with database.connection(None) as one, database.connection(None) as other:
        assert not one.is_in_transaction()
        assert not other.is_in_transaction()


async def test_a_borrower_cancelled_within_a_statement_leaves_nothing_running(database) -> None:
    async def sleep() -> None:
        async with database.connection(None) as connection:
            await connection.fetchval("SELECT pg_sleep(30)")

    tasks = [asyncio.create_task(sleep()) for _ in range(4)]
    await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with database.connection(None) as one, database.connection(None) as other:
        assert await one.fetchval("SELECT 1") + await other.fetchval("SELECT 1") == 2


async def test_connections_that_the_server_ended_are_replaced(database, server_url: str) -> None:
    async with database.connection(None) as one, database.connection(None) as other:
        pids = [one.get_server_pid(), other.get_server_pid()]
    admin = await asyncpg.connect(server_url)
    await admin.execute("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid", pids)
    await admin.close()
    await asyncio.sleep(0.1)
    assert await _pid(database) not in pids
    async with database.connection(None), database.connection(None):
        pass


async def test_who_waits_too_long_is_told_that_the_database_is_busy(database, monkeypatch) -> None:
    monkeypatch.setattr(database._idle, "_seconds", 0.01)
    async with database.connection(None), database.connection(None):
        with pytest.raises(Unavailable):
            await _pid(database)
    assert await _pid(database)


async def test_a_database_that_is_closed_says_so(module_database_url: str) -> None:
    closed = Database(module_database_url, size=1)
    with pytest.raises(Unavailable):
        closed.connection(None)
    await closed.open()
    assert await _pid(closed)
    await closed.close()
    with pytest.raises(Unavailable):
        closed.connection(None)
