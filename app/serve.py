"""The running service: a parent process that holds port and database, and uvicorn workers that answer.

The parent starts the embedded PostgreSQL (and starts it again should it die), brings its schema up to date, restarts
workers that die, and ends all of it in order. https://uvicorn.dev/deployment/
"""

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import asyncpg
import uvicorn
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from app import config, logs, sandbox, tls
from app.demo.codes import SUICIDALITY_CODES
from app.fhir.errors import Unavailable
from app.refusal import Refusal
from app.security import seal_key
from app.storage import embedded, schema

BACKLOG = 2048
# A port that a killed Kith held is free once its workers have noticed; anybody else's stays taken.
PORT_SECONDS = 2.0
SPARE_CONNECTIONS = 20
REVIVAL_SECONDS = 5.0
WORKER_SECONDS = 1.0

log = logging.getLogger("kith")


def serve(settings: config.Settings, started: Callable[[], None], *, demo: bool = False) -> None:
    """Serves until SIGINT, SIGTERM or SIGHUP. `started` runs in a thread of its own beside it.

    With `demo` there is a sandbox token before it does. Raises Refusal when something stands in the way of the start,
    SettingsError when files of the settings are no good.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if settings.tls_certificate_file:
        tls.context(settings)  # to say what is wrong with it before there are workers to say it, each for itself
    with listening(settings.host, settings.port) as port, database(settings) as (url, tend):
        _prepare(settings, url, demo=demo)
        config.hand_down(of_workers(settings, url, demo=demo))
        threading.Thread(target=started, daemon=True).start()
        supervisor = Supervisor(_uvicorn(settings), [port], tend)
        supervisor.run()
    if supervisor.failed:
        raise Refusal("the workers do not start: what they say is above")


def of_workers(settings: config.Settings, url: str, *, demo: bool) -> config.Settings:
    """The settings of the workers: with the database that was started, and files by their full names.

    With `demo` suicidal thoughts are marked as the made-up trust marks them, unless it is said how.
    """
    absolute = {"data": settings.data.absolute(), "seal_key_file": str(settings.seal_key.absolute())}
    marked = {"suicidality_codes": settings.suicidality_codes or SUICIDALITY_CODES} if demo else {}
    return settings.model_copy(update={"database_url": url} | absolute | marked)


def _prepare(settings: config.Settings, url: str, *, demo: bool) -> None:
    """Sees to it that production has no sandbox, that the demo has one, and that there is a key to seal with."""
    try:
        if settings.environment == "production":
            sandbox.refuse(url)
        elif demo and settings.authentication == "on" and settings.token_endpoint:
            sandbox.prepare(settings, settings.migration_database_url or url)
    except (Unavailable, OSError, asyncpg.PostgresError) as problem:
        raise Refusal(f"the clients cannot be looked up or made: {problem}") from None
    if settings.seal_seconds:
        try:
            seal_key.from_file(settings.seal_key, make=settings.environment != "production")
        except seal_key.UnfitKeyError as unfit:
            raise Refusal(f"the key of the audit trail: {unfit}") from None


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket. Raises Refusal when the port is taken or may not be opened."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    deadline = time.monotonic() + PORT_SECONDS
    while True:
        try:
            opened = socket.create_server((host, port), family=family, backlog=BACKLOG)
            break
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            reason = "is in use: stop what uses it, or set KITH_PORT" if error.errno == errno.EADDRINUSE else ""
            raise Refusal(f"port {port} of {host} {reason or f'cannot be opened: {error.strerror}'}") from None
    with opened:
        yield opened


@contextlib.contextmanager
def database(settings: config.Settings) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a database of the right schema, and what must be called now and then to keep it. Raises Refusal.

    The embedded one is migrated here. An external one only when it is empty: its owner decides when it changes.
    """
    if settings.database_url:
        asyncio.run(_check(settings))
        yield settings.database_url, lambda: None
        return
    server = embedded.start(settings.data, max(100, settings.workers * settings.pool_size + SPARE_CONNECTIONS))
    try:
        asyncio.run(schema.upgrade(server.url))
        yield server.url, _revival(server)
    finally:
        server.stop()


async def _check(settings: config.Settings) -> None:
    found = await schema.compare(settings.database_url)
    if found.standing == "empty":
        log.info("the database is empty: making its tables")
        found = await schema.upgrade(settings.migration_database_url or settings.database_url)
    if found.standing != "current":
        raise Refusal(schema.refusal(found))


def _revival(server: embedded.EmbeddedServer) -> Callable[[], None]:
    again = 0.0

    def tend() -> None:
        nonlocal again
        if time.monotonic() < again:
            return
        try:
            if server.revive():
                log.warning("the embedded PostgreSQL had died and was started again")
        except (Refusal, OSError) as problem:
            again = time.monotonic() + REVIVAL_SECONDS
            log.error("%s; trying again", problem)  # noqa: TRY400 -- the line says all

    return tend


def _uvicorn(settings: config.Settings) -> uvicorn.Config:
    return uvicorn.Config(
        "app.worker:application",
        factory=True,
        http="app.protocol:BoundedProtocol",
        ws="none",
        lifespan="on",
        workers=settings.workers,
        backlog=BACKLOG,
        log_config=logs.configuration(settings.log_level, settings.log_format),
        access_log=False,
        server_header=False,
        # What callers say about proxies is not believed, unless it is the proxy that says it.
        proxy_headers=bool(settings.tls_proxy),
        forwarded_allow_ips=settings.tls_proxy.split(),
        ssl_context_factory=partial(tls.of_worker, settings) if settings.tls_certificate_file else None,
        # Longer than the sixty seconds for which proxies in front keep a connection that they may use again.
        timeout_keep_alive=65,
        timeout_graceful_shutdown=10,
        timeout_worker_healthcheck=10,
    )


class Supervisor(Multiprocess):
    """uvicorn's parent of workers, which also looks after the database and ends when its terminal goes."""

    def __init__(self, settings: uvicorn.Config, sockets: list[socket.socket], tend: Callable[[], None]) -> None:
        super().__init__(settings, sockets)
        self._tend = tend
        self._served = False
        self._asked_to_end = False

    @property
    def failed(self) -> bool:
        """Whether it ended because its workers could not start."""
        return not self._asked_to_end

    def keep_subprocess_alive(self) -> None:
        """Tends the database and replaces dead workers.

        A worker that cannot start ends it all, as uvicorn has it; but not once one has served: then it is the
        database that is away, and a replacement is tried until it is back.
        """
        if self.should_exit.is_set():
            return
        self._tend()
        self._served = self._served or any(process.is_ready(timeout=0.5) for process in self.processes)
        super().keep_subprocess_alive()
        if self.should_exit.is_set() and self._served:
            self.should_exit.clear()
            time.sleep(WORKER_SECONDS)
            self._replace_ended()

    def _replace_ended(self) -> None:
        for index, process in enumerate(self.processes):
            if process.exitcode is not None:
                self.processes[index] = Process(self.config, self.sockets)
                self.processes[index].start()

    def handle_int(self) -> None:
        self._asked_to_end = True
        super().handle_int()

    def handle_term(self) -> None:
        self._asked_to_end = True
        super().handle_term()

    def handle_hup(self) -> None:
        self.handle_term()
