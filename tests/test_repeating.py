"""Work that is done again and again: what fails is tried again, and nothing is broken off."""

import asyncio
import logging

from app.repeating import Repeating


async def test_what_fails_is_told_and_done_the_next_time(caplog):
    times, done = [], asyncio.Event()

    async def work():
        times.append(1)
        if len(times) == 1:
            raise ValueError("not now")
        done.set()

    repeating = Repeating(work, seconds=0, name="kith.work")
    with caplog.at_level(logging.ERROR, "kith.work"):
        repeating.start()
        await asyncio.wait_for(done.wait(), 60)
        await repeating.stop()
    assert [record.exc_info[1].args for record in caplog.records] == [("not now",)]


async def test_stopping_lets_what_is_under_way_end_and_begins_nothing_more():
    begun, go_on, done = asyncio.Event(), asyncio.Event(), []

    async def work():
        begun.set()
        await go_on.wait()
        done.append(1)

    repeating = Repeating(work, seconds=0, name="kith.work")
    repeating.start()
    await asyncio.wait_for(begun.wait(), 60)
    stopping = asyncio.create_task(repeating.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    go_on.set()
    await asyncio.wait_for(stopping, 60)
    assert done == [1]


async def test_what_never_began_stops_at_once():
    await Repeating(asyncio.Event().wait, seconds=60, name="kith.work").stop()
