"""Connections of asyncpg's pool that stay out of it between two borrowers.

To hand one back to asyncpg and to take it again costs as much as the read it is for: a task, a time limit and a look at
all the others. So what comes back in order is kept here for the next; asyncpg opens, resets and closes. What of the
record a connection sees stays set on it: a borrower who may see the same pays nothing for it.
"""

import asyncio
from collections import deque
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from app.storage.visibility import Visibility

# In quotes, since asyncpg's classes cannot be subscripted at run time.
Proxy: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"


class Idle:
    """At most `size` connections of a pool, lent to one borrower at a time; `seconds` is how long one may wait."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", size: int, seconds: float) -> None:
        self._pool = pool
        self._size = size
        self._seconds = seconds
        self._taken = 0
        self._idle: list[Proxy] = []
        # Who waits is given a connection, or None where one can be opened.
        self._waiting: deque[asyncio.Future[Proxy | None]] = deque()

    async def take(self, sees: Visibility | None) -> Proxy:
        """A connection that is open as far as is known, and sees as much of the record as its borrower may.

        Raises TimeoutError, or what asyncpg raises on connecting.
        """
        connection = self._fitting(sees) or await self._take(sees)
        if sees is not None and connection.sees != sees:
            try:
                await connection.see(sees)
            except BaseException:
                await self.discard(connection)
                raise
        return connection

    def _fitting(self, sees: Visibility | None) -> "Proxy | None":
        """The one that came back last, where it sees just as much: what most borrowers are lent."""
        last = self._idle[-1] if self._idle else None
        if last is not None and _is_open(last) and (sees is None or last.sees == sees):
            return self._idle.pop()
        return None

    async def _take(self, sees: Visibility | None) -> Proxy:
        while self._idle:
            place = self._place(sees)
            if place is None:
                break
            connection = self._idle.pop(place)
            if _is_open(connection):
                return connection
            await self.discard(connection)
        if self._taken < self._size:
            return await self._open()
        async with asyncio.timeout(self._seconds):
            return await self._wait() or await self._take(sees)

    def _place(self, sees: Visibility | None) -> int | None:
        """Which idle connection to lend: the last that sees just as much. None: better to open one than to change one.

        Where no more can be opened it is the one that was used longest ago, so that callers who alternate keep theirs.
        """
        for place in range(len(self._idle) - 1, -1, -1):
            if sees is None or not _is_open(self._idle[place]) or self._idle[place].sees in (sees, None):
                return place
        return 0 if self._taken >= self._size else None

    def keep(self, connection: Proxy) -> bool:
        """Ends a loan that went well; False where something is left in the connection, which is to be discarded."""
        usable = _is_usable(connection)
        if usable:
            self._offer(connection)
        return usable

    async def close(self) -> None:
        """Hands everything that is not lent back to the pool."""
        while self._idle:
            await self.discard(self._idle.pop())

    async def _open(self) -> Proxy:
        self._taken += 1
        try:
            return await self._pool.acquire()
        except BaseException:
            self._taken -= 1
            self._tell_next(None)
            raise

    async def discard(self, connection: Proxy) -> None:
        """Ends a loan that broke off, and may have left something behind, which asyncpg then clears away."""
        try:
            await self._pool.release(connection)
        finally:
            self._taken -= 1
            self._tell_next(None)

    async def _wait(self) -> "Proxy | None":
        turn: asyncio.Future[Proxy | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # what came at the last moment is another's
                self._offer(turn.result())
            raise

    def _offer(self, connection: "Proxy | None") -> None:
        if not self._tell_next(connection) and connection is not None:
            self._idle.append(connection)

    def _tell_next(self, connection: "Proxy | None") -> bool:
        """Gives the connection to who has waited longest; False when nobody waits."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return True
        return False


def _is_open(connection: Proxy) -> bool:
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:  # asyncpg noticed that it was lost, and has taken it back already
        return False


def _is_usable(connection: Proxy) -> bool:
    """Whether nothing is left in it; that it is open is asked when it is taken."""
    try:
        return not connection.is_in_transaction()
    except asyncpg.InterfaceError:
        return False
