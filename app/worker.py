"""What one worker process of `kith serve` runs; uvicorn calls it in a process that the parent spawned."""

import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.process import BaseProcess
from typing import Any

from uvicorn.config import STARTUP_FAILURE

log = logging.getLogger("kith")


def application() -> Any:
    """The ASGI application, by the settings in the environment; the process ends when its parent does."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    try:
        from app.main import app_from_environment

        made = app_from_environment()
    except Exception:
        # It would fail likewise every time: end, and tell the parent so, instead of being started for ever.
        log.exception("the application cannot be made")
        sys.exit(STARTUP_FAILURE)
    gc.freeze()  # what is there now stays; to look through it all for garbage would hold up requests for long
    return made


def _follow(parent: BaseProcess) -> None:
    """A killed parent cannot end its workers, which would hold the port."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
