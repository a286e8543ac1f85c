"""The rules by which tasks arise, applied when a test says so."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from app.background import rules
from app.config import Settings
from app.main import create_app

Apply = Callable[[], Awaitable[int]]


def rules_of(url: str) -> Callable[..., AbstractAsyncContextManager[Apply]]:
    """For the database at `url`: a worker with these settings, as what applies its rules."""

    @asynccontextmanager
    async def worker(**given: str) -> AsyncIterator[Apply]:
        settings = Settings(database_url=url, authentication="off", seal_seconds=0, rules_seconds=0, **given)
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            yield rules(settings, app.state.service).once

    return worker
