"""Audit rows that wait for the same commit, without a database: who shares one, and who is told that it failed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.fhir.errors import Unavailable
from app.storage import audit_commit
from app.storage.audit_commit import AuditCommit

ROW: Any = object()


class Database:
    """Lends one connection, once `free`, and counts how often; `broken` says why there is none."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.lent = 0
        self.broken: Exception | None = None

    @asynccontextmanager
    async def connection(self, _: None) -> AsyncIterator["Database"]:
        await self.free.wait()
        if self.broken:
            raise self.broken
        self.lent += 1
        yield self


class Trail:
    """What is inserted: a batch after the other, each once it is `let`."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.let = asyncio.Event()
        self.begun = asyncio.Event()

    async def insert(self, _: Any, rows: list[Any]) -> list[int]:
        self.begun.set()
        await self.let.wait()
        first = sum(self.batches)
        self.batches.append(len(rows))
        return [*range(first, first + len(rows))]


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def trail(monkeypatch: pytest.MonkeyPatch) -> Trail:
    found = Trail()
    monkeypatch.setattr(audit_commit, "insert", found.insert)
    return found


def committing(database: Database, rows: int) -> tuple[AuditCommit, list[asyncio.Task[list[int]]]]:
    commit = AuditCommit(database)  # type: ignore[arg-type]  # of a Database it asks for connections alone
    return commit, more(commit, rows)


def more(commit: AuditCommit, rows: int) -> list[asyncio.Task[list[int]]]:
    return [asyncio.create_task(commit.commit([ROW])) for _ in range(rows)]


async def turns() -> None:
    """Lets everybody go as far as they can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_those_who_come_while_a_connection_is_waited_for_share_one_commit(database, trail):
    commit, first = committing(database, 1)
    await turns()
    later = more(commit, 3)
    await turns()
    database.free.set()
    trail.let.set()
    assert await asyncio.gather(*first, *later) == [[0], [1], [2], [3]]
    assert trail.batches == [4]


async def test_those_who_come_during_a_commit_share_the_next_on_the_same_connection(database, trail):
    database.free.set()
    commit, first = committing(database, 1)
    await trail.begun.wait()
    later = more(commit, 2)
    await turns()
    trail.let.set()
    assert await asyncio.gather(*first, *later) == [[0], [1], [2]]
    assert trail.batches == [1, 2]
    assert database.lent == 1


async def test_without_a_connection_all_who_wait_are_told_and_those_who_come_later_are_not(database, trail):
    database.broken = OSError("away")
    commit, refused = committing(database, 2)
    await turns()
    database.free.set()
    told = await asyncio.gather(*refused, return_exceptions=True)
    assert [type(one) for one in told] == [Unavailable, Unavailable]
    database.broken = None
    trail.let.set()
    assert await commit.commit([ROW]) == [0]


async def test_a_commit_that_fails_is_told_to_those_of_its_batch_alone(database, trail, monkeypatch):
    async def fails(*_: Any) -> list[int]:
        await trail.let.wait()
        monkeypatch.setattr(audit_commit, "insert", trail.insert)
        raise Unavailable("The audit trail cannot be written.")

    monkeypatch.setattr(audit_commit, "insert", fails)
    database.free.set()
    commit, refused = committing(database, 2)
    await turns()
    later = more(commit, 2)
    await turns()
    trail.let.set()
    told = await asyncio.gather(*refused, return_exceptions=True)
    assert [type(one) for one in told] == [Unavailable, Unavailable]
    assert await asyncio.gather(*later) == [[0], [1]]


async def test_the_rows_of_a_request_stay_together_and_each_gets_its_own_keys(database, trail, monkeypatch):
    monkeypatch.setattr(audit_commit, "MOST", 5)
    commit = AuditCommit(database)
    waiting = [asyncio.create_task(commit.commit([ROW] * rows)) for rows in (3, 2, 1, 7, 4)]
    await turns()
    database.free.set()
    trail.let.set()
    found = await asyncio.gather(*waiting)
    assert found == [[0, 1, 2], [3, 4], [5], [6, 7, 8, 9, 10, 11, 12], [13, 14, 15, 16]]
    assert trail.batches == [5, 1, 7, 4]
