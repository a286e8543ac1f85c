"""The `kith` command: https://typer.tiangolo.com"""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import __version__, config
from app.commands.audit import audit
from app.commands.client import client
from app.refusal import Refusal
from app.terminal import WRONG_SETTING, console, database, ended, settings
from app.values import hostname, is_loopback

if TYPE_CHECKING:
    from app.welcome import Sandbox

TokenFile = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="File with an access token; by default the sandbox's.")
]

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
kith.add_typer(audit, name="audit")
kith.add_typer(client, name="client")


@kith.command()
def serve(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Load the made-up crisis team if it is not there.")] = False,
) -> None:
    """Serve FHIR R4 over HTTP until Ctrl-C.

    Without KITH_DATABASE_URL it starts a PostgreSQL of its own in the folder KITH_DATA and brings its tables up to
    date. Several services may share one folder: the last to stop stops the database. After a crash the next start
    recovers.

    With --demo it also makes a sandbox client that may do everything, and leaves its token in the file
    KITH_DATA/sandbox-token.

    With KITH_DATABASE_URL it makes its tables in an empty database, and otherwise starts only when `kith migrate` has
    brought them to exactly the version that this Kith needs.

    Ctrl-C, SIGTERM and SIGHUP finish the requests under way (ten seconds at most) and stop everything.
    """
    from app.serve import serve as run
    from app.welcome import welcome

    with settings() as chosen:
        if demo and chosen.environment == "production":
            raise Refusal("made-up people and a sandbox client are not for production: start without --demo")
        run(chosen, lambda: welcome(_root(chosen), console, demo=demo, sandbox=_sandbox(chosen)), demo=demo)


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
    token_file: TokenFile = None,
) -> None:
    """Load the made-up crisis team into a running service, through its API.

    What is there already stays as it is. Every person, number and address in it is invented.
    """
    from app.sandbox import path
    from app.welcome import Sandbox, load_demo, show_calls

    with settings() as chosen:
        root = to.rstrip("/") or _root(chosen)
        token = _token(chosen, token_file, root)
        if not load_demo(root, console, token):
            raise Refusal(f"the demo is not all at {root}")
        show_calls(root, console, Sandbox(token, token_file or path(chosen)) if token else None)


@kith.command()
def check(
    patient: Annotated[str, typer.Option(help="NHS number, or Patient/ID.")],
    recipient: Annotated[list[str] | None, typer.Option(help="RelatedPerson/ID; none: every active one.")] = None,
    scope: Annotated[list[str] | None, typer.Option(help="What would be told, such as medication; none: all.")] = None,
    at: Annotated[str, typer.Option(help="When, such as 2026-03-09T10:30:00Z; by default now.")] = "",
    url: Annotated[str, typer.Option(help="Address of a running service; by default the one the settings name.")] = "",
    token_file: TokenFile = None,
) -> None:
    """May I tell this person this, now? Asks a running service, and prints its answer for a human.

    The check is recorded like any other. Exit codes: 0 permit, 1 deny, 2 no answer. **No answer is not a yes: ask a
    person.**
    """
    from app.checking import Question, ask, show

    try:
        with settings() as chosen:
            root = url or _root(chosen)
            token = _token(chosen, token_file, root)
        answered = ask(root, Question(patient, recipient or [], scope or [], at), token)
    except Refusal as refusal:
        console.print("[bold]There is no answer, and no answer is not a yes: ask a person.[/]")
        raise ended(str(refusal), WRONG_SETTING) from None
    show(answered, console)
    raise typer.Exit(0 if answered.decision == "permit" else 1)


@kith.command()
def reindex(
    base: Annotated[
        list[str] | None, typer.Option(help="Another address under which this service was known, with /FHIR/R4.")
    ] = None,
    batch: Annotated[int, typer.Option(min=1, max=1000, help="Resources at a time.")] = 200,
) -> None:
    """Make the search keys of all current resources anew, so that newer search parameters find what was stored before.

    Beside a running service: each batch is one short transaction, and no version changes. Stopped, it goes on at the
    next run. It is recorded in the audit trail.
    """
    from app.fhir.base import PATH, addresses
    from app.reindexing import reindexed

    with settings() as chosen, database(chosen) as url:
        named = (chosen.own_issuer, _root(chosen), *(one.rstrip("/").removesuffix(PATH) for one in base or ()))
        done = asyncio.run(reindexed(url, addresses(named), batch, lambda count: console.print(f"{count} resources")))
        console.print(f"All {done} resources are found by what they hold now.")


@kith.command(name="settings")
def list_settings() -> None:
    """Print every setting with its default and meaning, as docs/settings.md has them."""
    from app.settings_page import documentation

    sys.stdout.write(documentation())


@kith.command()
def version() -> None:
    """Print the version."""
    sys.stdout.write(f"kith {__version__}\n")


def _token(settings: config.Settings, file: Path | None, url: str) -> str:
    """The token in a file; by default that of the sandbox, which goes to no other machine. '' when there is none."""
    from app.sandbox import token

    if file:
        return file.read_text().strip()
    return token(settings) if is_loopback(hostname(url)) else ""


def _sandbox(settings: config.Settings) -> "Sandbox | None":
    """The sandbox of this start, None when callers are not told apart or it has no token to give."""
    from app.sandbox import path
    from app.welcome import Sandbox

    token = _token(settings, None, _root(settings)) if settings.authentication == "on" else ""
    return Sandbox(token, path(settings)) if token else None


def _root(settings: config.Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{settings.scheme}://{host}:{settings.port}"


def main() -> None:
    """The entry point of the installed command."""
    kith(prog_name="kith")
