"""What every command of `kith` begins and ends with: settings, logging, the database, one line for what went wrong."""

import logging.config
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from app import config, logs
from app.refusal import Refusal

WRONG_SETTING = 2

console = Console()


@contextmanager
def settings() -> Iterator[config.Settings]:
    """The settings, with logging set up; a wrong one, and any Refusal inside the block, ends Kith with one line."""
    try:
        chosen = config.load()
        logging.config.dictConfig(logs.configuration(chosen.log_level, chosen.log_format))
        for line in config.unknown():
            logging.getLogger("kith").warning("%s", line)
        yield chosen
    except config.SettingsError as wrong:
        raise ended(str(wrong), WRONG_SETTING) from None
    except Refusal as refusal:
        raise ended(str(refusal), 1) from None


@contextmanager
def database(chosen: config.Settings) -> Iterator[str]:
    """The address of the database that the settings name; the embedded one is started if it does not run."""
    from app.storage import embedded

    if chosen.database_url:
        yield chosen.database_url
        return
    server = embedded.start(chosen.data)
    try:
        yield server.url
    finally:
        server.stop()


def ended(reason: str, code: int) -> typer.Exit:
    """What ends a command: each line of the reason on stderr, and the exit code."""
    for line in reason.splitlines():
        sys.stderr.write(f"kith: {logs.masked(line)}\n")
    return typer.Exit(code)
