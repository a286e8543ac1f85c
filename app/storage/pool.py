"""The connection pool: asyncpg, under a role that sees what its caller may see, with losses turned into 503.

What a caller may see is set on the connection and stays there: the next borrower who may see the same pays nothing
for it, and an idle connection that is set already is preferred.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from app.fhir.errors import Unavailable
from app.storage.visibility import Visibility

# In quotes, since asyncpg's classes cannot be subscripted at run time.
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

ROLE = "kith_app"
OPEN_SECONDS = 8.0
ACQUIRE_SECONDS = 10.0
STATEMENT_MILLISECONDS = "30000"

# What asyncpg raises when the database is away, starting, stopping, full or too slow to answer.
AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    # What it answers to whoever connects while it is closed to connections, replaced, or given new passwords.
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
)


SET = "SELECT set_config('kith.organisations', $1, false), set_config('kith.level', $2, false),\
 set_config('kith.patient', $3, false)"


class _Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection that is handed back as it is: all that Kith changes of it is known, and RESET costs a round trip."""

    # Not in asyncpg's __slots__, which a subclass without its own extends by a __dict__.
    sees: Visibility | None = None

    def get_reset_query(self) -> str:
        return ""


async def _prepare(connection: Connection) -> None:
    """Stored resources are JSON text that passes through as the bytes they are."""
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")


class Database:
    """A pool of connections to one PostgreSQL."""

    def __init__(self, url: str, *, size: int) -> None:
        self._url = url
        self._size = size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self) -> None:
        """Connects, or raises Unavailable when the database stays away: it may be starting just now."""
        attempts = AsyncRetrying(
            retry=retry_if_exception_type(Unavailable),
            stop=stop_after_delay(OPEN_SECONDS),
            wait=wait_fixed(0.2),
            reraise=True,
        )
        async for attempt in attempts:
            with attempt:
                await self._open()

    async def _open(self) -> None:
        with translated():
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=self._size,
                init=_prepare,
                connection_class=_Connection,
                timeout=ACQUIRE_SECONDS,
                statement_cache_size=500,
                server_settings={
                    "role": ROLE,
                    "application_name": "kith",
                    "jit": "off",
                    "statement_timeout": STATEMENT_MILLISECONDS,
                    "idle_in_transaction_session_timeout": STATEMENT_MILLISECONDS,
                },
            )

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    def connection(self, sees: Visibility | None) -> "Borrowed":
        """A connection where each statement commits by itself, for somebody who `sees` this much of the record.

        None is for statements that touch no resource: `async with database.connection(None) as connection`.
        """
        if self._pool is None:
            raise Unavailable("The database is not connected.")
        return Borrowed(self._pool, sees)

    @asynccontextmanager
    async def transaction(self, sees: Visibility) -> AsyncIterator[Connection]:
        """A connection in a transaction that is committed when the block ends, and rolled back when it raises."""
        async with self.connection(sees) as connection, connection.transaction():
            yield connection


class Borrowed:
    """One connection of a pool for the length of a block; losing the database within it is Unavailable."""

    __slots__ = ("_connection", "_pool", "_sees")

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", sees: Visibility | None) -> None:
        self._pool = pool
        self._sees = sees

    async def __aenter__(self) -> Connection:
        # A time limit costs as much as the read it is for: it is set only where there is something to wait for.
        wait = None if self._pool.get_idle_size() else ACQUIRE_SECONDS
        with translated():
            if self._sees is not None:
                _prefer(self._pool, self._sees)
            self._connection = await self._pool.acquire(timeout=wait)
        if self._sees is not None:
            await self._set(self._sees)
        return self._connection

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        with translated():
            await self._pool.release(self._connection)
        translate(error)

    async def _set(self, sees: Visibility) -> None:
        """Makes the connection see this much and no more, unless the last borrower left it so."""
        real = self._connection._con  # noqa: SLF001  # the connection itself, on which what it is set to is kept
        if real.sees == sees:
            return
        real.sees = None
        try:
            with translated():
                await self._connection.execute(SET, *sees.settings)
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        real.sees = sees


def _prefer(pool: "asyncpg.Pool[asyncpg.Record]", sees: Visibility) -> None:
    """Puts first the idle connection that is set already, or else the one that was used longest ago.

    asyncpg takes the last live one of its list (which is its own business: a test notices when that changes).
    """
    idle = pool._queue._queue  # noqa: SLF001
    live = [place for place, holder in enumerate(idle) if holder.is_connected()]
    if not live or idle[live[-1]]._con.sees == sees:  # noqa: SLF001
        return
    same = (place for place in reversed(live) if idle[place]._con.sees == sees)  # noqa: SLF001
    idle.append(idle.pop(next(same, live[0])))


class translated:  # noqa: N801  # reads as a statement: `with translated():`
    """Turns the loss of the database into Unavailable (503 with Retry-After); anything else passes."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        translate(error)


def translate(error: BaseException | None) -> None:
    """Raises Unavailable in the place of an error that means that the database is lost."""
    # A value that asyncpg cannot encode is an InterfaceError too, and a ValueError: a mistake, not a loss.
    if isinstance(error, AWAY) and not isinstance(error, ValueError):
        raise Unavailable("The database cannot be reached. Nothing was changed that was not acknowledged.") from error
