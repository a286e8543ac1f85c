"""A folder and a PostgreSQL for one measurement, and Kith in this process on its database."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx

from app.background import ahead
from app.config import Settings
from app.main import create_app
from app.operations.figures_ahead import Ahead
from app.storage import embedded, schema

RESULTS = Path(__file__).parent / "results"


@contextmanager
def folder(kept: Path | None = None) -> Iterator[Path]:
    """The folder that is kept, or one that is gone afterwards.

    Not in the system's folder for temporary files, which may be memory: a commit is to reach a disk.
    """
    RESULTS.mkdir(exist_ok=True)
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(dir=RESULTS, prefix="data-") as temporary:
        yield Path(temporary)


@contextmanager
def database(where: Path) -> Iterator[str]:
    """The address of a migrated database of the PostgreSQL in a folder."""
    server = embedded.start(where)
    try:
        asyncio.run(schema.upgrade(server.url))
        yield server.url
    finally:
        server.stop()


def _quiet(url: str) -> Settings:
    """It tells no callers apart, and does nothing by itself."""
    return Settings(database_url=url, authentication="off", seal_seconds=0, rules_seconds=0, figures_seconds=0)


@asynccontextmanager
async def kith(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of Kith on a migrated database."""
    app = create_app(_quiet(url))
    transport = httpx.ASGITransport(app=app)
    base = "http://kith.test/FHIR/R4"
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=base) as client:
        yield client


@asynccontextmanager
async def kith_ahead(url: str) -> AsyncIterator[Ahead]:
    """What works figures out before they are asked for, when it is told to."""
    app = create_app(_quiet(url))
    async with app.router.lifespan_context(app):
        # What is filled in for a benchmark is stored as of the time that it tells of.
        yield ahead(_quiet(url), app.state.service, longest=timedelta(days=3_660))
