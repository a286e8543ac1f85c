"""Plans are kept for the statements that ask for it, and for no others of the connection."""

import asyncpg
import pytest

from app.storage import plans

MODE = "SHOW plan_cache_mode"


async def test_plans_are_kept_within_and_chosen_as_ever_afterwards(connection: asyncpg.Connection) -> None:
    async with plans.kept(connection):
        assert await connection.fetchval(MODE) == "force_generic_plan"
    assert await connection.fetchval(MODE) == "auto"


@pytest.mark.parametrize("around", ["transaction", "nothing"])
async def test_what_fails_within_leaves_nothing_behind(connection: asyncpg.Connection, around: str) -> None:
    async def failing() -> None:
        async with plans.kept(connection):
            await connection.execute("SELECT 1 / 0")

    async def in_transaction() -> None:
        async with connection.transaction():
            await failing()

    with pytest.raises(asyncpg.DivisionByZeroError):
        await (in_transaction() if around == "transaction" else failing())
    assert await connection.fetchval(MODE) == "auto"
