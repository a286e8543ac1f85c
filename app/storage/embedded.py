"""The embedded PostgreSQL: a cluster in the data folder, shared by the Kith processes that use the folder.

Who uses it is known by a lock that each holds, so that a killed one is not counted: the last to leave stops the
server, also one that an earlier Kith left behind.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from app.refusal import Refusal
from app.storage import postmaster
from app.storage.account import account, let_read, let_through
from app.storage.lock import FolderLock

VERSION = "18"
SUPERUSER = "postgres"
# sockaddr_un holds 108 bytes on Linux and 104 on macOS, with the zero at the end.
LONGEST_SOCKET = 103


@dataclass
class EmbeddedServer:
    """A running server: `url` is the postgresql:// address of its database, as the superuser."""

    url: str
    folder: Path
    connections: int
    _sockets: Path
    _starting: FolderLock
    _using: FolderLock

    def revive(self) -> bool:
        """Starts the server again if it has died. Whether it had; raises Refusal when it does not start."""
        if postmaster.find(self._cluster) is not None:
            return False
        with self._starting.exclusive():
            _run(self._cluster, account(), self.connections, alone=False)
        return True

    def stop(self) -> None:
        """Stops the server unless another process still uses it."""
        with self._starting.exclusive():
            process = postmaster.find(self._cluster)
            if process is not None and self._using.alone():
                postmaster.stop(process)
                _remove(self._sockets, self._cluster)
            self._using.close()
        self._starting.close()

    @property
    def _cluster(self) -> Path:
        return self.folder / "postgres"


def start(folder: Path, connections: int = 100) -> EmbeddedServer:
    """The server of the data folder, made, started or joined; ready when this returns.

    `connections` is how many it allows when it is started here. Raises Refusal.
    """
    folder = folder.expanduser().absolute()
    try:
        return _start(folder, connections)
    except NotADirectoryError:
        raise Refusal(f"{folder} is not a folder: KITH_DATA must name one") from None
    except OSError as error:
        path = error.filename or folder
        raise Refusal(f"the data folder {folder} cannot be used: {path}: {error.strerror}") from None


def _start(folder: Path, connections: int) -> EmbeddedServer:
    user = account()
    _make(folder)
    cluster = folder / "postgres"
    if user is not None:
        let_read(user, postmaster.binaries().parent)
        let_read(user, postmaster.binaries().parents[1].with_suffix(".libs"))
        let_through(user, cluster)
    starting, using = FolderLock(folder / "starting.lock"), FolderLock(folder / "using.lock")
    try:
        with starting.exclusive():
            if not (cluster / "PG_VERSION").exists():
                _initialise(cluster, user)
            alone = using.alone()
            sockets = _run(cluster, user, connections, alone=alone)
            using.share()
    except BaseException:
        using.close()
        starting.close()
        raise
    url = f"postgresql://{SUPERUSER}@/postgres?host={quote(str(sockets), safe='/')}&port={postmaster.PORT}"
    return EmbeddedServer(url, folder, connections, sockets, starting, using)


def _make(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)


def _initialise(cluster: Path, user: pwd.struct_passwd | None) -> None:
    """Makes the cluster beside its place and moves it there when it is whole."""
    making = cluster.with_name("postgres.new")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    if user is not None:
        os.chown(making, user.pw_uid, user.pw_gid)
    command = [str(postmaster.binaries() / "initdb"), f"--pgdata={making}", f"--username={SUPERUSER}"]
    # The socket lies in a folder of the account's own; the builtin locale sorts alike on every machine.
    command += ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    done = subprocess.run(  # noqa: S603 -- the command is ours
        command, capture_output=True, text=True, check=False, cwd=making, **postmaster.owned_by(user)
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "error" in line] or done.stderr.splitlines() or [""]
        raise Refusal(f"the embedded PostgreSQL cannot be made in {cluster.parent}: {lines[0].strip()}")
    making.rename(cluster)


def _run(cluster: Path, user: pwd.struct_passwd | None, connections: int, *, alone: bool) -> Path:
    """Starts the cluster's server unless it runs, and says in which folder its socket is."""
    version = (cluster / "PG_VERSION").read_text().strip()
    if version != VERSION:
        raise Refusal(
            f"{cluster} was made by PostgreSQL {version}, and this Kith brings {VERSION}: see docs/running.md"
        )
    sockets = _sockets(cluster, user)
    if postmaster.find(cluster) is None:
        if alone:
            postmaster.forget_stale(cluster)
        postmaster.start(cluster, sockets, user, connections)
    return sockets


def _sockets(cluster: Path, user: pwd.struct_passwd | None) -> Path:
    """The folder of the socket: the cluster, or where an address cannot hold that path a private temporary one."""
    address = cluster / f".s.PGSQL.{postmaster.PORT}"
    # A comma parts one host from the next.
    if len(os.fsencode(address)) <= LONGEST_SOCKET and "," not in str(address):
        return cluster
    owner = os.geteuid() if user is None else user.pw_uid
    name = hashlib.sha256(os.fsencode(cluster.resolve())).hexdigest()[:16]
    sockets = Path(tempfile.gettempdir()) / f"kith-{owner}-{name}"
    if not sockets.is_symlink() and not sockets.exists():
        sockets.mkdir(mode=0o700)
        if user is not None:
            os.chown(sockets, user.pw_uid, user.pw_gid)
    status = sockets.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner or stat.S_IMODE(status.st_mode) & 0o077:
        raise Refusal(f"{sockets} should be a folder of PostgreSQL's account alone: remove it, or shorten KITH_DATA")
    return sockets


def _remove(sockets: Path, cluster: Path) -> None:
    if sockets != cluster:
        with suppress(OSError):
            sockets.rmdir()
