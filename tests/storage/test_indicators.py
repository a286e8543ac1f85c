"""What indicators are made from is read on a connection that nobody holds while it is counted."""

from contextlib import asynccontextmanager
from types import SimpleNamespace

from app.storage import indicators
from app.storage.indicators import CHUNK, gather

KEYS = [f"p{number}" for number in range(2 * CHUNK + 1)]


class Pool:
    """Connections that answer each patient with one row, and how many of them are out."""

    def __init__(self) -> None:
        self.lent = 0

    @asynccontextmanager
    async def connect(self):
        async def fetch(_, keys, *__):
            return [(key, None, b"[]") for key in keys]

        self.lent += 1
        yield SimpleNamespace(fetch=fetch)
        self.lent -= 1


async def test_everybody_is_given_once_and_in_order():
    given = [rows.key async for some in gather(Pool().connect, KEYS, frozenset()) for rows in some]
    assert given == KEYS


async def test_while_the_last_are_counted_no_connection_is_held():
    pool = Pool()
    async for some in gather(pool.connect, KEYS, frozenset(), told=CHUNK):
        if some[-1].key == KEYS[-1]:
            assert not pool.lent
    assert not pool.lent


async def test_who_stops_early_leaves_no_connection_behind():
    pool = Pool()
    reading = gather(pool.connect, KEYS, frozenset())
    first = await anext(reading)
    await reading.aclose()
    assert (len(first), pool.lent) == (indicators.TOLD, 0)
