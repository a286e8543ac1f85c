"""What one worker process of `kith serve` runs; uvicorn calls it in a process that the parent spawned."""

import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.process import BaseProcess
from typing import Any, Final

from uvicorn.config import STARTUP_FAILURE

log = logging.getLogger("kith")

# How many times the collector goes through the middle-aged before it goes through the old.
_BEFORE_THE_OLD: Final = 100


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
    spare_the_old()
    return made


def spare_the_old() -> None:
    """Keeps the collector from going through what stays anyway: definitions, routes, and what was read of patients.

    Each time it did so nobody was answered for a tenth of a second, a quarter of the time of checks whose patients are
    read for the first time. What ends in cycles ends young.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _BEFORE_THE_OLD)


def _follow(parent: BaseProcess) -> None:
    """A killed parent cannot end its workers, which would hold the port."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
