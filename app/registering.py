"""`kith client`: who may call, by the public keys that they hand over."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from uuid import uuid4

import asyncpg
import typer

from app.fhir.errors import Unavailable
from app.fhir.resources import BY_TYPE
from app.refusal import Refusal
from app.security import keys
from app.security.client import Client, Key
from app.security.registration import problems
from app.security.scopes import Scopes, parse
from app.storage import audit, clients, schema
from app.storage.audit import AuditRow
from app.storage.pool import Connection, Database
from app.terminal import console, database, settings

T = TypeVar("T")
Keys = Annotated[Path, typer.Option(exists=True, dir_okay=False, help="JWK Set with the client's public keys.")]
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
    jwks: Annotated[Keys | None, typer.Option(help="Without: only tokens of the external issuer are its own.")] = None,
    sees: Annotated[str, typer.Option(help="ODS codes whose records it sees besides, with commas.")] = "",
    facing: Annotated[Literal["staff", "patient", "carer"], typer.Option(help="Who looks at what it shows.")] = "staff",
    patient: Annotated[str, typer.Option(help="Id of the one Patient a patient- or carer-facing client is for.")] = "",
    id_: Annotated[str, typer.Option("--id", help="client_id, if an external issuer has one for it.")] = "",
) -> None:
    """Register a client, and print its client_id."""
    made = datetime.now(UTC).replace(microsecond=0)
    with settings() as chosen, database(chosen) as url:
        new = Client(
            id=id_ or str(uuid4()),
            name=name,
            organisation=organisation.upper(),
            scopes=_understood(scopes),
            made=made,
            tokens_from=made,
            sees=tuple(code.strip().upper() for code in sees.split(",") if code.strip()),
            facing=facing,
            facing_patient=patient,
            keys=_keys(jwks) if jwks else (),
        )
        found = problems(new, BY_TYPE)
        if found:
            raise Refusal("\n".join(found))
        _run(chosen.migration_database_url or url, lambda connection: _added(connection, new))
        sys.stdout.write(f"{new.id}\n")


@client.command(name="list")
def list_() -> None:
    """Print every client, with its organisation, scopes and keys."""
    with settings() as chosen, database(chosen) as url:
        for one in _run(chosen.migration_database_url or url, clients.every):
            _show(one)


@client.command()
def disable(name: Name) -> None:
    """Refuse a client, and every token that it has, within five seconds on every worker."""

    async def change(connection: Connection) -> None:
        found = await _named(connection, name)
        await clients.disable(connection, found.id)
        await _record(connection, "client-disable", found)

    with settings() as chosen, database(chosen) as url:
        _run(chosen.migration_database_url or url, change)


@client.command()
def rotate(
    name: Name,
    jwks: Keys,
    grace: Annotated[int, typer.Option(min=0, max=10_080, help="Minutes for which the old keys are good.")] = 0,
) -> None:
    """Give a client new keys.

    Without a time of grace its old keys and all tokens that it has end within five seconds.
    """
    now = datetime.now(UTC)

    async def change(connection: Connection) -> None:
        found, new = await _named(connection, name), _keys(jwks)
        until = now + timedelta(minutes=grace)
        await clients.replace_keys(connection, found.id, new, until=until, tokens_from=None if grace else now)
        await _record(connection, "client-rotate", found)

    with settings() as chosen, database(chosen) as url:
        _run(chosen.migration_database_url or url, change)


@client.command()
def key(
    name: Annotated[str, typer.Argument(help="Begins the name of the file.")],
    to: Annotated[Path, typer.Option(help="Folder for the private key.", file_okay=False, exists=True)] = Path(),
) -> None:
    """Make a key pair for trying: the private key into a file that only you can read, the public JWK Set printed."""
    with settings():
        made = keys.generate()
        path = to / f"{name}.private.jwk.json"
        try:
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                json.dump(made, file, indent=2)
        except OSError as problem:
            raise Refusal(f"{path} cannot be written: {problem.strerror}") from None
        sys.stderr.write(f"{path} holds the private key: keep it to the client alone.\n")
        sys.stdout.write(json.dumps({"keys": [keys.public(made)]}, indent=2) + "\n")


def _run(url: str, work: Callable[[Connection], Awaitable[T]]) -> T:
    """What `work` gives, in one transaction of the owner of the tables."""

    async def running() -> T:
        found = await schema.compare(url)
        if found.standing != "current":
            raise Refusal(schema.refusal(found))
        opened = Database(url, size=1, role="none")
        try:
            await opened.open()
            async with opened.transaction(None) as connection:
                return await work(connection)
        except (Unavailable, asyncpg.PostgresError) as problem:
            raise Refusal(f"the clients cannot be read or changed: {problem}") from None
        finally:
            await opened.close()

    return asyncio.run(running())


async def _added(connection: Connection, new: Client) -> None:
    try:
        await clients.add(connection, new)
    except asyncpg.UniqueViolationError:
        raise Refusal(f"there is a client {new.name} or {new.id} already") from None
    await _record(connection, "client-add", new)


async def _named(connection: Connection, name: str) -> Client:
    for one in await clients.every(connection):
        if name in (one.name, one.id):
            return one
    raise Refusal(f"there is no client {name}")


async def _record(connection: Connection, interaction: str, about: Client) -> None:
    row = AuditRow(
        recorded=datetime.now(UTC),
        interaction=interaction,
        type="",
        id=about.id,
        version=0,
        patient="",
        status=200,
        outcome=f"{about.name}: {about.scopes}",
        query="",
        client="kith client",
        organisation=about.organisation,
        user_role="",
        request_id=str(uuid4()),
        correlation_id="",
    )
    await audit.record(connection, [row])


def _keys(path: Path) -> tuple[Key, ...]:
    try:
        return tuple(Key(jwk) for jwk in keys.read(path.read_text(errors="replace")))
    except keys.UnfitKeysError as unfit:
        raise Refusal("\n".join(f"{path}: {line}" for line in str(unfit).splitlines())) from None


def _understood(scopes: str) -> Scopes:
    try:
        return parse(scopes)
    except ValueError as problem:
        raise Refusal(str(problem)) from None


def _show(one: Client) -> None:
    state = ["disabled"] * (not one.enabled) + ["sandbox"] * one.sandbox
    state += [f"{one.facing}-facing, Patient/{one.facing_patient}"] * (one.facing != "staff")
    sees = f", sees {', '.join(one.sees)}" if one.sees else ""
    kids = ", ".join(str(each.jwk["kid"]) for each in one.keys) or "none"
    for line in (
        f"{one.name}  {one.id}" + (f"  ({'; '.join(state)})" if state else ""),
        f"  for {one.organisation}{sees}",
        f"  {one.scopes}",
        f"  keys {kids}",
    ):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
