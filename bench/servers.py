"""The two services as processes on loopback ports: `kith serve`, and the bare one served in the same way."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import asyncpg
import psutil

from app import sandbox
from app.config import Settings
from bench.bare import PORT_VARIABLE, URL_VARIABLE

PATIENCE = 60.0
# What Kith is called in the requests and in the token that they carry, whatever port it has.
ROOT = "http://localhost"


class Served:
    """A running service: the port it listens on and the processes it consists of."""

    def __init__(self, name: str, port: int, process: subprocess.Popen[bytes]) -> None:
        self.name = name
        self.port = port
        self._process = psutil.Process(process.pid)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """The processor time that the service has used so far."""
        times = [process.cpu_times() for process in (self._process, *self._process.children(recursive=True))]
        return float(sum(time.user + time.system for time in times))


@contextmanager
def kith(folder: Path, log: Path, authentication: Literal["on", "off"] = "off") -> Iterator[Served]:
    """`kith serve` with one worker, on the embedded PostgreSQL of the folder."""
    variables = {"KITH_DATA": str(folder), "KITH_WORKERS": "1", "KITH_PORT": str(_free_port()), "KITH_BASE_URL": ROOT}
    variables["KITH_AUTHENTICATION"] = authentication
    variables["KITH_REQUESTS_PER_SECOND"] = "1000000"  # how fast it is, and not how fast it lets one client be
    with _running(
        f"kith, authentication {authentication}", ["app", "serve"], variables, int(variables["KITH_PORT"]), log
    ) as served:
        yield served


async def belong(url: str) -> None:
    """Gives every record to the organisation of the client whose token it is."""
    connection = await asyncpg.connect(url, command_timeout=600)
    for table in ("resource", "resource_version"):
        await connection.execute(f"UPDATE {table} SET organisation = $1 WHERE organisation <> $1", sandbox.ORGANISATION)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def token(folder: Path, url: str) -> str:
    """An access token for the service on the folder, whose database is at `url`: that of a client that may do all."""
    settings = Settings(data=folder, base_url=ROOT)
    sandbox.prepare(settings, url)
    return sandbox.token(settings)


@contextmanager
def bare(url: str, log: Path) -> Iterator[Served]:
    """The bare service on the database at `url`."""
    port = _free_port()
    variables = {URL_VARIABLE: url, PORT_VARIABLE: str(port)}
    with _running("bare", ["bench.bare"], variables, port, log) as served:
        yield served


@contextmanager
def _running(name: str, module: list[str], variables: dict[str, str], port: int, log: Path) -> Iterator[Served]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("KITH_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *module], env=inherited | variables, stdout=output, stderr=output
        )
        try:
            _wait(name, process, port, log)
            yield Served(name, port, process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def _wait(name: str, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/FHIR/R4/Patient/none", timeout=5):
                return
        except HTTPError:
            return  # an answer is all that is wanted
        except (URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"{name} does not start: see {log}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
