"""The connection pool: asyncpg, under the role that may not touch audit rows, with losses turned into 503."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from app.fhir.errors import Unavailable
from app.storage.idle import Idle
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

# Those of them after which nobody knows what became of a statement that was under way.
CUT = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)

SET = (
    "SELECT set_config('kith.organisations', $1, false), set_config('kith.level', $2, false),"
    " set_config('kith.patient', $3, false)"
)


class _Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection that is handed back as it is: Kith knows what it sets, and RESET ALL costs a round trip."""

    sees: Visibility | None = None

    async def see(self, visibility: Visibility) -> None:
        """Sets what of the record is seen, unless the last borrower left it so."""
        if self.sees == visibility:
            return
        self.sees = None
        await self.execute(SET, *visibility.settings)
        self.sees = visibility

    def get_reset_query(self) -> str:
        return ""


async def _prepare(connection: Connection) -> None:
    """Stored resources are JSON text that passes through as the bytes they are."""
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")


class Database:
    """A pool of connections to one PostgreSQL."""

    def __init__(self, url: str, *, size: int, role: str = ROLE) -> None:
        """`role` is what it works under; "none" for what the account itself may do."""
        self._url = url
        self._role = role
        self._size = size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._idle: Idle | None = None

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
                    "role": self._role,
                    "application_name": "kith",
                    "jit": "off",
                    "statement_timeout": STATEMENT_MILLISECONDS,
                    "idle_in_transaction_session_timeout": STATEMENT_MILLISECONDS,
                },
            )
        self._idle = Idle(self._pool, self._size, ACQUIRE_SECONDS)

    async def close(self) -> None:
        if self._pool is not None and self._idle is not None:
            await self._idle.close()
            await self._pool.close()
            self._pool = self._idle = None

    def connection(self, sees: Visibility | None) -> "Borrowed":
        """A connection where each statement commits by itself, for somebody who `sees` this much of the record.

        None is for statements that touch no resource: `async with database.connection(None) as connection`.
        """
        if self._idle is None:
            raise Unavailable("The database is not connected.")
        return Borrowed(self._idle, sees)

    @asynccontextmanager
    async def transaction(self, sees: Visibility | None, *, one_moment: bool = False) -> AsyncIterator[Connection]:
        """A connection in a transaction that is committed when the block ends, and rolled back when it raises.

        `one_moment` is for reads alone: all of them see what was there when the first began.
        """
        isolation, writes = "repeatable_read" if one_moment else None, False
        async with self.connection(sees) as connection:
            try:
                async with connection.transaction(isolation=isolation, readonly=one_moment):
                    yield connection
                    writes = not one_moment
            except CUT as error:
                if writes:  # all is sent, and what is lost is the answer to COMMIT
                    raise perhaps_stored() from error
                raise


class Borrowed:
    """One connection of a pool for the length of a block; losing the database within it is Unavailable."""

    __slots__ = ("_connection", "_idle", "_sees")

    def __init__(self, idle: Idle, sees: Visibility | None) -> None:
        self._idle = idle
        self._sees = sees

    async def __aenter__(self) -> Connection:
        try:
            self._connection = await self._idle.take(self._sees)
        except Exception as error:
            translate(error)
            raise
        return self._connection

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None or not self._idle.keep(self._connection):
            with translated():
                await self._idle.discard(self._connection)
            translate(error)


class Within(Database):
    """A database of which one connection is used, in the transaction it is in: reads see what was written in it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def connection(self, sees: Visibility | None) -> "Lent":  # noqa: ARG002  # it sees what its lender sees
        return Lent(self._connection)


class Lent(Borrowed):
    """A connection that stays with whoever lent it."""

    __slots__ = ()

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def __aenter__(self) -> Connection:
        return self._connection

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        translate(error)


class translated:  # noqa: N801  # reads as a statement: `with translated():`
    """Turns the loss of the database into Unavailable (503 with Retry-After); anything else passes."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        translate(error)


def perhaps_stored() -> Unavailable:
    """What refuses a write that may stand all the same: whoever sends it again without looking may do it twice."""
    return Unavailable(
        "The connection to the database was lost while this was being stored. Whether it was is not known: look before "
        "you send it again."
    )


def translate(error: BaseException | None) -> None:
    """Raises Unavailable in the place of an error that means that the database is lost."""
    # A value that asyncpg cannot encode is an InterfaceError too, and a ValueError: a mistake, not a loss.
    if isinstance(error, AWAY) and not isinstance(error, ValueError):
        raise Unavailable("The database cannot be reached. Nothing was changed.") from error
