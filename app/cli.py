"""The `kith` command: https://typer.tiangolo.com"""

import asyncio
import logging.config
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from app import __version__, config, logs
from app.refusal import Refusal

WRONG_SETTING = 2

kith = typer.Typer(
    name="kith",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="""
    Who supports a patient in crisis, what the patient agreed to share, and what each supporter does in the plan:
    a FHIR R4 service on PostgreSQL.

    Everything is set by environment variables, which `kith settings` lists: above all **KITH_PORT**, **KITH_DATA**
    (the folder of the embedded PostgreSQL), **KITH_DATABASE_URL** (a PostgreSQL of your own) and **KITH_WORKERS**.

    Exit codes: 0 done, 1 something stands in the way (one line says what), 2 a setting or an option is wrong.
    """,
)
audit = typer.Typer(no_args_is_help=True, help="Questions to the audit trail.")
kith.add_typer(audit, name="audit")
console = Console()


@kith.command()
def serve(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Load the made-up crisis team if it is not there.")] = False,
) -> None:
    """Serve FHIR R4 over HTTP until Ctrl-C.

    Without KITH_DATABASE_URL it starts a PostgreSQL of its own in the folder KITH_DATA and brings its tables up to
    date. Several services may share one folder: the last to stop stops the database. After a crash the next start
    recovers.

    With KITH_DATABASE_URL it makes its tables in an empty database, and otherwise starts only when `kith migrate` has
    brought them to exactly the version that this Kith needs.

    Ctrl-C, SIGTERM and SIGHUP finish the requests under way (ten seconds at most) and stop everything.
    """
    from app.serve import serve as run
    from app.welcome import welcome

    with settings() as chosen:
        run(chosen, lambda: welcome(_root(chosen), console, demo=demo))


@kith.command()
def migrate() -> None:
    """Bring the tables of the database up to date, all or nothing.

    Uses KITH_MIGRATION_DATABASE_URL (the owner of the tables) if it is set, otherwise KITH_DATABASE_URL, otherwise
    the embedded PostgreSQL. Running it again changes nothing. Stop the service first: an older one does not start on
    newer tables.
    """
    from app.storage import embedded, schema

    with settings() as chosen:
        url = chosen.migration_database_url or chosen.database_url
        server = None if url else embedded.start(chosen.data)
        try:
            with console.status("Migrating"):
                done = asyncio.run(schema.upgrade(url or server.url))  # type: ignore[union-attr]  # one of them is
        finally:
            if server is not None:
                server.stop()
        console.print(f"The schema is at revision {done.revision}.", highlight=False)


@kith.command()
def demo(
    to: Annotated[str, typer.Option(help="Address of a running service; by default the one the settings name.")] = "",
) -> None:
    """Load the made-up crisis team into a running service, through its API.

    What is there already stays as it is. Every person, number and address in it is invented.
    """
    from app.welcome import load_demo, show_calls

    with settings() as chosen:
        root = to.rstrip("/") or _root(chosen)
        if not load_demo(root, console):
            raise Refusal(f"the demo is not all at {root}")
        show_calls(root, console)


@kith.command()
def check(
    patient: Annotated[str, typer.Option(help="NHS number, or Patient/ID.")],
    recipient: Annotated[list[str] | None, typer.Option(help="RelatedPerson/ID; none: every active one.")] = None,
    scope: Annotated[list[str] | None, typer.Option(help="What would be told, such as medication; none: all.")] = None,
    at: Annotated[str, typer.Option(help="When, such as 2026-03-09T10:30:00Z; by default now.")] = "",
    url: Annotated[str, typer.Option(help="Address of a running service.")] = "http://127.0.0.1:8000",
) -> None:
    """May I tell this person this, now? Asks a running service, and prints its answer for a human.

    The check is recorded like any other. Exit codes: 0 permit, 1 deny, 2 no answer. **No answer is not a yes: ask a
    person.**
    """
    from app.checking import ask, show

    try:
        answered = ask(url, patient, recipient or [], scope or [], at)
    except Refusal as refusal:
        console.print("[bold]There is no answer, and no answer is not a yes: ask a person.[/]")
        raise _end(str(refusal), WRONG_SETTING) from None
    show(answered, console)
    raise typer.Exit(0 if answered.decision == "permit" else 1)


@audit.command()
def replay(key: Annotated[int, typer.Argument(metavar="ID", min=1, help="The id of the check's AuditEvent.")]) -> None:
    """Ask a stored check again, of the versions that it saw, and say whether the answer is the same.

    Whatever was written since does not count. Exit codes: 0 the same; 1 not the same, or something stands in the
    way (one line says what); 2 there is no such check. The replay is recorded in the trail.
    """
    from app.fhir.errors import NotFound
    from app.replaying import replayed, show

    with settings() as chosen, _database(chosen) as url:
        try:
            result = asyncio.run(replayed(url, key))
        except NotFound as problem:
            raise typer.BadParameter(str(problem)) from None
        show(key, result, console)
        raise typer.Exit(0 if result.is_same else 1)


@kith.command(name="settings")
def list_settings() -> None:
    """Print every setting with its default and meaning, as docs/settings.md has them."""
    sys.stdout.write(config.documentation())


@kith.command()
def version() -> None:
    """Print the version."""
    sys.stdout.write(f"kith {__version__}\n")


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
        raise _end(str(wrong), WRONG_SETTING) from None
    except Refusal as refusal:
        raise _end(str(refusal), 1) from None


@contextmanager
def _database(chosen: config.Settings) -> Iterator[str]:
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


def _end(reason: str, code: int) -> typer.Exit:
    for line in reason.splitlines():
        sys.stderr.write(f"kith: {logs.masked(line)}\n")
    return typer.Exit(code)


def _root(settings: config.Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def main() -> None:
    """The entry point of the installed command."""
    kith(prog_name="kith")
