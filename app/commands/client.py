"""`kith client`: who may call, by the public keys that they hand over."""

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import uuid4

import typer

from app.terminal import database, settings

PUBLIC_KEYS = "JWK Set with the client's public keys."
Keys = Annotated[Path, typer.Option(exists=True, dir_okay=False, help=PUBLIC_KEYS)]
Name = Annotated[str, typer.Argument(help="Name or id of the client.")]

client = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""
    Who may call, for which organisation, and with which scopes.

    Works on the database itself, as the owner of its tables (KITH_MIGRATION_DATABASE_URL, else KITH_DATABASE_URL,
    else the embedded PostgreSQL). Running workers know within five seconds.
    """,
)


@client.command()
def add(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    organisation: Annotated[str, typer.Option(help="ODS code of the organisation that it acts for.")],
    scopes: Annotated[str, typer.Option(help='Such as "system/Consent.cruds kith/check".')],
    jwks: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help=f"{PUBLIC_KEYS} None: tokens of the issuer alone.")
    ] = None,
    sees: Annotated[str, typer.Option(help="ODS codes whose records it sees besides, with commas.")] = "",
    facing: Annotated[Literal["staff", "patient", "carer"], typer.Option(help="Who looks at what it shows.")] = "staff",
    patient: Annotated[str, typer.Option(help="Id of the one Patient a patient- or carer-facing client is for.")] = "",
    id_: Annotated[str, typer.Option("--id", help="client_id, if an external issuer has one for it.")] = "",
) -> None:
    """Register a client, and print its client_id."""
    from app import registering
    from app.security.client import Client

    made = datetime.now(UTC).replace(microsecond=0)

    def new() -> Client:
        return Client(
            id=id_ or str(uuid4()),
            name=name,
            organisation=organisation.upper(),
            scopes=registering.understood(scopes),
            made=made,
            tokens_from=made,
            sees=tuple(code.strip().upper() for code in sees.split(",") if code.strip()),
            facing=facing,
            facing_patient=patient,
            keys=registering.read_keys(jwks) if jwks else (),
        )

    async def work(connection: Any) -> None:
        registered = new()
        await registering.add(connection, registered)
        sys.stdout.write(f"{registered.id}\n")

    _run(work)


@client.command(name="list")
def list_() -> None:
    """Print every client, with its organisation, scopes and keys."""
    from app import registering

    _run(registering.show_all)


@client.command()
def disable(name: Name) -> None:
    """Refuse a client, and every token that it has, within five seconds on every worker."""
    from app import registering

    _run(lambda connection: registering.disable(connection, name))


@client.command()
def rotate(
    name: Name,
    jwks: Keys,
    grace: Annotated[int, typer.Option(min=0, max=10_080, help="Minutes for which the old keys are good.")] = 0,
) -> None:
    """Give a client new keys.

    Without a time of grace its old keys and all tokens that it has end within five seconds.
    """
    from app import registering

    now = datetime.now(UTC)
    until, tokens_from = now + timedelta(minutes=grace), None if grace else now

    async def work(connection: Any) -> None:
        new = registering.read_keys(jwks)
        await registering.rotate(connection, name, new, until=until, tokens_from=tokens_from)

    _run(work)


@client.command()
def key(
    name: Annotated[str, typer.Argument(help="Begins the name of the file.")],
    to: Annotated[Path, typer.Option(help="Folder for the private key.", file_okay=False, exists=True)] = Path(),
) -> None:
    """Make a key pair for trying: the private key into a file that only you can read, the public JWK Set printed."""
    from app import registering

    with settings():
        registering.make_key(to / f"{name}.private.jwk.json")


def _run(work: Callable[[Any], Awaitable[None]]) -> None:
    """Does the work on a connection of the owner of the tables."""
    from app.administering import run

    with settings() as chosen, database(chosen) as url:
        run(chosen.migration_database_url or url, "none", work, "the clients cannot be read or changed")
