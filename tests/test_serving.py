"""Kith as a process, as its user starts, stops, kills and mistreats it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import httpx
import psutil
import pytest
from typer.testing import CliRunner

from app.cli import kith as kith_command
from app.storage import embedded, postmaster

pytestmark = [pytest.mark.process, pytest.mark.long]

ROOT = Path(__file__).parents[1]
PATIENCE = 60
SUPPORTER = {
    "resourceType": "Patient",
    "id": "kept",
    "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}],
}


@cache
def browser() -> httpx.Client:
    """One for all: to make one reads every certificate authority, which takes as long as many an answer.

    It keeps no connection, so that a service that was killed leaves none behind.
    """
    return httpx.Client(timeout=PATIENCE, limits=httpx.Limits(max_keepalive_connections=0))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        return int(opened.getsockname()[1])


@dataclass
class Kith:
    """One `kith serve` on a data folder."""

    data: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options: str, **popen) -> "Kith":
        given = {"KITH_DATA": str(self.data), "KITH_PORT": str(self.port), "KITH_LOG_LEVEL": "WARNING"}
        given |= {"KITH_AUTHENTICATION": "off", "KITH_REQUESTS_PER_SECOND": "1000000"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", *options],
            cwd=ROOT,
            env=os.environ | given | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **popen,
        )
        return self

    def answering(self) -> "Kith":
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                if browser().get(f"{self.root}/_ping").is_success:
                    return self
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError(f"it does not answer: {self.end()}")

    def end(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err

    def kill_worker(self) -> None:
        for child in psutil.Process(self.process.pid).children():
            if "spawn_main" in " ".join(child.cmdline()):
                child.kill()

    def put(self) -> httpx.Response:
        return browser().put(f"{self.root}/FHIR/R4/Patient/kept", json=SUPPORTER)

    def get(self) -> httpx.Response:
        return browser().get(f"{self.root}/FHIR/R4/Patient/kept")

    def until(self, status: int) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE
        while (answer := self.get()).status_code != status:
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.05)
        return answer


def refused(data: Path, **environment: str) -> tuple[int, str]:
    """The exit code of a `kith serve` that does not start, and what it says: in this process, which is quicker."""
    given = {"KITH_DATA": str(data), "KITH_PORT": str(free_port()), "KITH_AUTHENTICATION": "off"}
    terminated = signal.getsignal(signal.SIGTERM)
    try:
        result = CliRunner(env=given | environment).invoke(kith_command, ["serve"])
    finally:
        signal.signal(signal.SIGTERM, terminated)
    return result.exit_code, result.stderr


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a migrated cluster that is not running."""
    folder = tmp_path_factory.mktemp("served")
    kith = Kith(folder).start().answering()
    kith.put()
    kith.end()
    return folder


@pytest.fixture
def kith(data: Path) -> Iterator[Kith]:
    """A Kith on that folder; killed with all that it started, should a test leave it running."""
    started = Kith(data)
    yield started
    if started.process is not None and started.process.poll() is None:
        started.process.kill()
        started.process.communicate()
    if (left := postmaster.find(data / "postgres")) is not None:
        left.kill()
        left.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_it_is_all_there_at_the_next_start(kith, number):
    kith.start().answering()
    assert kith.get().json()["identifier"] == SUPPORTER["identifier"]
    children = psutil.Process(kith.process.pid).children(recursive=True)
    code, _, err = kith.end(number)
    assert (code, err) == (0, "")
    assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []
    assert postmaster.find(kith.data / "postgres") is None


def test_ctrl_c_of_a_terminal_reaches_all_of_its_processes_and_ends_them_quietly(kith):
    kith.start(start_new_session=True).answering()
    os.killpg(kith.process.pid, signal.SIGINT)
    code, _, err = kith.ended()
    assert (code, err) == (0, "")
    assert postmaster.find(kith.data / "postgres") is None


def test_after_a_kill_the_next_start_takes_over_port_and_database(kith):
    kith.start().answering()
    kith.process.kill()
    kith.process.communicate()
    kith.start().answering()
    assert kith.get().is_success
    assert kith.end()[0] == 0
    assert postmaster.find(kith.data / "postgres") is None


def test_a_worker_that_dies_is_replaced_and_a_database_that_dies_is_started_again(kith):
    kith.start().answering()
    kith.kill_worker()
    kith.answering()
    assert kith.get().is_success
    killed = postmaster.find(kith.data / "postgres")
    killed.kill()
    # Its processes answer for a moment after it: only another one shows that it was started again.
    deadline = time.monotonic() + PATIENCE
    while postmaster.find(kith.data / "postgres") in (killed, None):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    kith.until(200)
    code, _, err = kith.end()
    assert code == 0
    assert "had died and was started again" in err


def test_a_taken_port_is_one_line(kith):
    with socket.create_server(("127.0.0.1", kith.port)):
        code, _, err = kith.start().ended()
    assert code == 1
    assert err == f"kith: port {kith.port} of 127.0.0.1 is in use: stop what uses it, or set KITH_PORT\n"


def test_two_on_one_folder_share_its_database_and_the_last_stops_it(kith):
    kith.start().answering()
    second = Kith(kith.data).start().answering()
    assert second.get().json() == kith.get().json()
    assert kith.end()[0] == 0
    assert second.get().is_success
    assert second.end()[0] == 0
    assert postmaster.find(kith.data / "postgres") is None


@pytest.mark.parametrize(
    ("variable", "value", "code", "said"),
    [
        ("KITH_HOST", "0.0.0.0", 2, "kith: KITH_HOST: must be a loopback address"),
        ("KITH_DATA", str(ROOT / "pyproject.toml"), 1, "is not a folder: KITH_DATA must name one"),
        ("KITH_DATA", "/proc/kith", 1, "kith: the data folder /proc/kith cannot be used"),
        ("KITH_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", 1, "kith: the database cannot be reached"),
    ],
)
def test_what_stands_in_the_way_is_one_line(tmp_path, variable, value, code, said):
    returned, err = refused(tmp_path, **{variable: value})
    assert returned == code
    assert said in err
    assert err.count("\n") == 1


def test_a_data_folder_that_may_not_be_written_is_one_line(tmp_path):
    folder = tmp_path / "read-only"
    folder.mkdir(mode=0o555)
    # root may write anywhere, so somebody else has to try: Python must be within that account's reach.
    account = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    for parent in [folder, *folder.parents[:2]]:
        parent.chmod(0o555 if parent == folder else 0o755)
    try:
        subprocess.run([sys.executable, "-c", "import app"], cwd=ROOT, check=True, capture_output=True, **account)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("an ordinary account cannot run this Python from here")
    code, _, err = Kith(folder).start(**account).ended()
    assert code == 1
    assert err.startswith(f"kith: the data folder {folder} cannot be used: ")
    assert err.endswith("Permission denied\n")
    assert err.count("\n") == 1


@pytest.fixture
def external(tmp_path: Path) -> Iterator[embedded.EmbeddedServer]:
    """A PostgreSQL that is not Kith's to start."""
    server = embedded.start(tmp_path / "external")
    yield server
    if postmaster.find(tmp_path / "external" / "postgres") is not None:
        server.stop()


def test_an_external_database_may_go_and_come_back(external):
    kith = Kith(external.folder / "unused", environment={"KITH_DATABASE_URL": external.url}).start().answering()
    assert kith.put().status_code == 201
    postmaster.stop(postmaster.find(external.folder / "postgres"))
    answer = kith.get()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert external.revive()
    kith.until(200)
    assert kith.end()[0] == 0
    # No database of its own: all that it keeps there is the key for its seals.
    assert [each.name for each in (external.folder / "unused").iterdir()] == ["seal-key"]


def test_a_worker_that_dies_while_the_database_is_away_is_replaced_when_it_is_back(external):
    kith = Kith(external.folder / "unused", environment={"KITH_DATABASE_URL": external.url}).start().answering()
    kith.put()
    postmaster.stop(postmaster.find(external.folder / "postgres"))
    kith.kill_worker()
    time.sleep(5)
    assert kith.process.poll() is None
    assert external.revive()
    kith.answering()
    assert kith.until(200)
    assert kith.end()[0] == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "kith: the database has schema 9999, which this Kith"),
        ("DROP TABLE alembic_version", "kith: the database holds tables that are not Kith's"),
    ],
)
async def test_a_schema_that_it_does_not_know_stops_the_start(database_url, connection, tmp_path, change, said):
    await connection.execute(change)
    code, _, err = Kith(tmp_path, environment={"KITH_DATABASE_URL": database_url}).start().ended()
    assert code == 1
    assert err.startswith(said)
    assert err.count("\n") == 1
