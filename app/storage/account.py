"""The operating-system account of the embedded PostgreSQL, which refuses to run as root.

Started by root, it runs as the account `kith-postgres`, made when absent, and every folder on the way to its files
must let that account through. Folders above are not opened to everybody for it: an access control entry lets this
one account pass (and not list), and only where a file system has no such entries is the plain "others may pass" bit
set, with a warning that names the folder.
"""

import logging
import os
import pwd
import shutil
import stat
import struct
import subprocess
from pathlib import Path

from app.refusal import Refusal

NAME = "kith-postgres"
ACL = "system.posix_acl_access"
# https://man7.org/linux/man-pages/man5/acl.5.html; the layout is struct posix_acl_xattr_entry: tag, permissions, id.
OWNER, USER, GROUP, MASK, OTHERS, NOBODY = 0x01, 0x02, 0x04, 0x10, 0x20, 0xFFFFFFFF
ENTRY = struct.Struct("<HHI")
PASS = 1

log = logging.getLogger("kith.embedded")


def account() -> pwd.struct_passwd | None:
    """The account to run PostgreSQL as; None: the caller's own. Raises Refusal when root cannot make one."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return _made()


def _made() -> pwd.struct_passwd:
    useradd = shutil.which("useradd") or "/usr/sbin/useradd"
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- constant words
        return pwd.getpwnam(NAME)
    except (OSError, subprocess.CalledProcessError, KeyError):
        raise Refusal(
            f"PostgreSQL does not run as root, and the account {NAME} could not be made: "
            "run Kith as another user, or set KITH_DATABASE_URL"
        ) from None


def let_through(user: pwd.struct_passwd, folder: Path) -> None:
    """Lets `user` pass every folder above `folder`, changing only those that would stop it."""
    for parent in folder.resolve().parents:
        if not _passes(user, parent):
            _open(user, parent)


def let_read(user: pwd.struct_passwd, folder: Path) -> None:
    """Lets `user` read the files below `folder`, which are programs and libraries for everybody."""
    let_through(user, folder)
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if mode != wanted:
            path.chmod(wanted)


def _passes(user: pwd.struct_passwd, folder: Path) -> bool:
    status = folder.stat()
    if status.st_uid == user.pw_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    entries = _entries(folder)
    # A later chmod of the folder is a change of the mask, and so takes away what an entry gave.
    given = entries.get((USER, user.pw_uid), 0) & entries.get((MASK, NOBODY), 0)
    return bool((status.st_mode & stat.S_IXOTH) | (given & PASS))


def _entries(folder: Path) -> dict[tuple[int, int], int]:
    try:
        raw = os.getxattr(folder, ACL)
    except OSError:
        mode = folder.stat().st_mode
        return {(OWNER, NOBODY): mode >> 6 & 7, (GROUP, NOBODY): mode >> 3 & 7, (OTHERS, NOBODY): mode & 7}
    return {(tag, who): permissions for tag, permissions, who in ENTRY.iter_unpack(raw[4:])}


def _open(user: pwd.struct_passwd, folder: Path) -> None:
    entries = _entries(folder)
    entries[USER, user.pw_uid] = PASS
    entries[MASK, NOBODY] = entries.get((MASK, NOBODY), entries[GROUP, NOBODY]) | PASS
    packed = (ENTRY.pack(tag, permissions, who) for (tag, who), permissions in sorted(entries.items()))
    try:
        os.setxattr(folder, ACL, struct.pack("<I", 2) + b"".join(packed))
    except OSError:
        log.warning("letting every account pass %s (not list it), so that PostgreSQL reaches its files", folder)
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
