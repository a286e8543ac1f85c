"""Locks that processes on one data folder hold against each other; the kernel drops them with the process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class FolderLock:
    """One lock file: held shared by all who use something, or exclusively by one."""

    def __init__(self, path: Path) -> None:
        """Raises OSError when the file cannot be opened for writing."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def share(self) -> None:
        """Holds it together with others; waits for an exclusive holder to let go."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def alone(self) -> bool:
        """Holds it exclusively if nobody else holds it, and says whether it does."""
        with suppress(BlockingIOError):
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Holds it exclusively for the block, waiting for the others."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._descriptor)
