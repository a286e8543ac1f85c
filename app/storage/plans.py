"""Plans that are kept: https://www.postgresql.org/docs/current/sql-prepare.html (Notes)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from app.storage.pool import Connection

_KEPT: Final = "SET plan_cache_mode = force_generic_plan"
_AS_EVER: Final = "RESET plan_cache_mode"


@asynccontextmanager
async def kept(connection: Connection) -> AsyncIterator[None]:
    """Within it a statement is planned once for all values.

    For statements of many parts, each of which goes through an index whatever the values are. Among a million resources
    PostgreSQL expects so much of the values that it plans such a statement anew each time, and that takes several times
    as long as to run it.
    """
    await connection.execute(_KEPT)
    try:
        yield
    finally:
        with suppress(asyncpg.InFailedSQLTransactionError):  # what is rolled back sets this back too
            await connection.execute(_AS_EVER)
