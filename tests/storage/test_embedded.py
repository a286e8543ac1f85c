"""The embedded PostgreSQL: started, shared, left behind, broken, and in places where it cannot be."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from app.refusal import Refusal
from app.storage import account, embedded, postmaster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose cluster is made and not running, so that starting takes no initdb."""
    folder = tmp_path_factory.mktemp("data")
    embedded.start(folder).stop()
    yield folder
    process = postmaster.find(folder / "postgres")
    if process is not None:
        postmaster.stop(process)


def running(folder: Path) -> psutil.Process | None:
    return postmaster.find(folder / "postgres")


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_it_keeps_what_it_acknowledged_and_sorts_alike_everywhere(cluster):
    server = embedded.start(cluster)
    assert await ask(server.url, "SHOW fsync") == "on"
    assert await ask(server.url, "SHOW synchronous_commit") == "on"
    assert await ask(server.url, "SHOW server_encoding") == "UTF8"
    assert await ask(server.url, "SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
    server.stop()


async def test_its_log_does_not_hold_what_statements_were_about(cluster):
    server = embedded.start(cluster)
    connection = await asyncpg.connect(server.url)
    await connection.execute("CREATE TEMPORARY TABLE seen (number text PRIMARY KEY)")
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute("INSERT INTO seen VALUES ('9990000018'), ('9990000018')")
    await connection.close()
    server.stop()
    logs = "".join(path.read_text() for path in (cluster / "postgres" / "log").iterdir())
    assert "duplicate key" in logs
    assert "9990000018" not in logs


def test_the_last_to_leave_stops_it(cluster):
    first, second = embedded.start(cluster), embedded.start(cluster)
    assert first.url == second.url
    first.stop()
    assert running(cluster) is not None
    second.stop()
    assert running(cluster) is None


def test_one_left_behind_by_a_killed_process_is_used_again_and_stopped_at_the_end(cluster):
    script = f"from pathlib import Path; from app.storage import embedded; embedded.start(Path({str(cluster)!r})); "
    killed = subprocess.run([sys.executable, "-c", script + "import os; os.kill(os.getpid(), 9)"], check=False)
    assert killed.returncode == -signal.SIGKILL
    left = running(cluster)
    server = embedded.start(cluster)
    assert left is not None
    assert running(cluster) == left
    server.stop()
    assert running(cluster) is None


async def test_one_that_died_is_started_again(cluster):
    server = embedded.start(cluster)
    assert not server.revive()
    died = running(cluster)
    died.kill()
    died.wait()
    assert server.revive()
    assert await ask(server.url, "SELECT 1") == 1
    server.stop()


async def test_a_process_id_that_now_means_another_program_does_not_stop_the_start(cluster):
    stale = cluster / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{cluster / 'postgres'}\n0\n5432\n\n\n0 0\nready\n")
    server = embedded.start(cluster)
    assert await ask(server.url, "SELECT 1") == 1
    server.stop()


async def test_a_cluster_that_was_being_made_when_the_power_went_is_made_anew(tmp_path):
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server = embedded.start(tmp_path)
    assert await ask(server.url, "SELECT 1") == 1
    server.stop()
    assert not half.exists()


async def test_a_path_too_long_for_a_socket_gets_a_private_folder_for_it(tmp_path):
    folder = tmp_path / ("long" * 20) / "and a space, 100 % of one"
    server = embedded.start(folder)
    assert await ask(server.url, "SELECT 1") == 1
    sockets = Path(str(await ask(server.url, "SHOW unix_socket_directories")).strip(chr(34)))
    assert sockets != folder / "postgres"
    assert sockets.stat().st_mode & 0o077 == 0
    server.stop()
    assert not sockets.exists()


async def test_a_path_with_spaces_and_signs_is_reached(tmp_path):
    server = embedded.start(tmp_path / "a b,%20&c=d")
    assert await ask(server.url, "SELECT 1") == 1
    server.stop()


@pytest.mark.parametrize("inside", ["", "below"])
def test_a_data_path_that_is_a_file_is_refused_in_one_line(tmp_path, inside):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(Refusal) as refused:
        embedded.start(file / inside)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_cluster_of_another_version_is_refused(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(Refusal, match="made by PostgreSQL 17, and this Kith brings 18"):
        embedded.start(tmp_path)


def test_a_server_that_does_not_start_says_why(tmp_path):
    (tmp_path / "postgres").mkdir(mode=0o700)
    (tmp_path / "postgres" / "PG_VERSION").write_text("18\n")
    if (user := account.account()) is not None:
        os.chown(tmp_path / "postgres", user.pw_uid, user.pw_gid)
    with pytest.raises(Refusal, match=r"does not start: .*postgresql\.conf"):
        embedded.start(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as somebody else")
def test_only_folders_that_stop_its_account_are_changed_and_nobody_else_gets_in(tmp_path):
    closed, open_ = tmp_path / "closed", tmp_path / "closed" / "open"
    closed.mkdir(mode=0o700)
    open_.mkdir(mode=0o755)
    before = open_.stat()
    server = embedded.start(open_ / "data")
    server.stop()
    assert closed.stat().st_mode & 0o007 == 0
    assert open_.stat().st_mode == before.st_mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as somebody else")
def test_letting_an_account_through_twice_changes_nothing_more(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    user = account.account()
    account.let_through(user, closed / "data")
    once = closed.stat().st_ctime_ns
    account.let_through(user, closed / "data")
    assert closed.stat().st_ctime_ns == once


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as somebody else")
def test_an_account_is_let_through_again_after_the_folder_was_closed_again(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    embedded.start(closed / "data").stop()
    closed.chmod(0o700)
    embedded.start(closed / "data").stop()
