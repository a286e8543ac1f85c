"""The database of the tests: one embedded PostgreSQL for the run, and migrated databases copied from a template."""

import gc
import itertools
import logging
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.config import Settings
from app.main import create_app
from app.storage import embedded, schema
from tests.callers import Named

NAMES = itertools.count(1)
# What differs from one process to the next, and so has no place in the name of an example: tests run in several.
VARYING = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.Z+]*")
IN_TESTS = {
    "authentication": "off",
    "seal_seconds": 0,
    "rules_seconds": 0,
    "figures_seconds": 0,
    "requests_per_second": 1_000_000,
    "token_requests_per_second": 1_000_000,
    "refusals_per_second": 1_000_000,
}

# What a developer's shell says about a service of theirs is not for the services of the tests; how long a soak is to
# run is for the tests alone.
for variable in [name for name in os.environ if name.startswith("KITH_") and not name.startswith("KITH_SOAK_")]:
    del os.environ[variable]

# What a request or a random case leaves behind is mostly no cycle, and to look for cycles after every seven hundred
# objects takes a fifth of the time of some tests.
SELDOM = (50_000, 50, 10)

# httpx asks before each request whether this runs under trio, by a module that is not here: without this, Python looks
# for it in every folder again each time, and that takes longer than many an answer.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]  # None says that there is none


def pytest_make_parametrize_id(val: object) -> str | None:
    """The name of an example that holds an id or a time of its own, which is the same in every process."""
    return VARYING.sub("...", val) if isinstance(val, str) and VARYING.search(val) else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: nothing of it is garbage, and to look for some again and again takes long."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(*SELDOM)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, else those with the fewest tests, which are the longest, would be left to the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _with_database(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}?{query}"


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """postgresql:// address of the run's PostgreSQL, as its superuser."""
    with tempfile.TemporaryDirectory(prefix="kith-", ignore_cleanup_errors=True) as folder:
        server = embedded.start(Path(folder))
        yield server.url
        server.stop()


@pytest.fixture(scope="session")
async def template(server_url: str) -> str:
    """Name of a migrated, empty database that the others are copied from."""
    connection = await asyncpg.connect(server_url)
    # What is lost with the machine is no loss here, and not waiting for disks is several times as fast.
    await connection.execute("ALTER SYSTEM SET fsync = off")
    await connection.execute("ALTER SYSTEM SET synchronous_commit = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.execute("CREATE DATABASE template_kith")
    await connection.close()
    await schema.upgrade(_with_database(server_url, "template_kith"))
    return "template_kith"


@asynccontextmanager
async def _copy(server_url: str, template: str) -> AsyncIterator[str]:
    name = f"test_{next(NAMES)}"
    admin = await asyncpg.connect(server_url)
    # Copied as files, which takes half as long as by the log that nobody here will ever replay.
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield _with_database(server_url, name)
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


@pytest.fixture
async def database_url(server_url: str, template: str) -> AsyncIterator[str]:
    """postgresql:// address of a fresh migrated database, for one test."""
    async with _copy(server_url, template) as url:
        yield url


@pytest.fixture(scope="module")
async def module_database_url(server_url: str, template: str) -> AsyncIterator[str]:
    """postgresql:// address of a fresh migrated database that the tests of one module share."""
    async with _copy(server_url, template) as url:
        yield url


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a fresh migrated database, as its owner."""
    connected = await asyncpg.connect(database_url)
    yield connected
    await connected.close()


@asynccontextmanager
async def running(url: str, **settings: object) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application in this process, on the database at `url`.

    Callers are not told apart, unless `acting` made the client, or `authentication` is "on". They may ask as often as
    they like: the tests of a fast machine must not be told to slow down.
    """
    app = create_app(Settings(database_url=url, **IN_TESTS | settings))
    app.state.service.authentication = Named(app.state.service.authentication)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url="http://kith.test/FHIR/R4",
            headers={"Content-Type": "application/fhir+json"},
        ) as client,
    ):
        yield client


@pytest.fixture(scope="module")
async def client(module_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application on a database that the tests of one module share."""
    async with running(module_database_url) as connected:
        yield connected


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """For tests of the command `kith`, which sets logging up for a process of its own."""
    loggers = [logging.getLogger(name) for name in ("", "kith", "kith.access", "uvicorn", "uvicorn.access", "asyncpg")]
    before = [(logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    yield
    for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)
