"""What a process does again and again beside answering, until it is told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress


class Repeating:
    """Does some work every so many `seconds`. What fails is told to the log of this name, and is done the next time.

    It is never cancelled: what is broken off halfway might be done twice.
    """

    def __init__(self, work: Callable[[], Awaitable[object]], *, seconds: float, name: str) -> None:
        self._work = work
        self.seconds = seconds
        self._name = name
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        """Lets what is under way come to its end, and begins nothing more."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not await self._is_stopped():
            try:
                await self._work()
            except Exception:
                logging.getLogger(self._name).exception("it failed, and is tried again")

    async def _is_stopped(self) -> bool:
        """Whether it is told to stop before it is time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), self.seconds)
        return self._stopping.is_set()
