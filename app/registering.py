"""What `kith client` does to the registrations of clients."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path

import asyncpg

from app.administering import row
from app.fhir.resources import BY_TYPE
from app.refusal import Refusal
from app.security import keys
from app.security.client import Client, Key
from app.security.registration import problems
from app.security.scopes import Scopes, parse
from app.storage import audit, clients
from app.storage.pool import Connection
from app.terminal import console


async def add(connection: Connection, new: Client) -> None:
    """Stores a registration. Raises Refusal when something is wrong with it, or it is there."""
    found = problems(new, BY_TYPE)
    if found:
        raise Refusal("\n".join(found))
    try:
        async with connection.transaction():
            await clients.add(connection, new)
            await _record(connection, "client-add", new)
    except asyncpg.UniqueViolationError:
        raise Refusal(f"there is a client {new.name} or {new.id} already") from None


async def show_all(connection: Connection) -> None:
    """Prints every registration."""
    for one in await clients.every(connection):
        _show(one)


async def disable(connection: Connection, name: str) -> None:
    """Ends a registration. Raises Refusal when there is none."""
    async with connection.transaction():
        found = await _named(connection, name)
        await clients.disable(connection, found.id)
        await _record(connection, "client-disable", found)


async def rotate(
    connection: Connection, name: str, new: tuple[Key, ...], *, until: datetime, tokens_from: datetime | None
) -> None:
    """Gives a client new keys; the old ones are good `until` then. Raises Refusal when there is no such client."""
    async with connection.transaction():
        found = await _named(connection, name)
        await clients.replace_keys(connection, found.id, new, until=until, tokens_from=tokens_from)
        await _record(connection, "client-rotate", found)


def read_keys(path: Path) -> tuple[Key, ...]:
    """The public keys in a file. Raises Refusal when one does not fit."""
    try:
        return tuple(Key(jwk) for jwk in keys.read(path.read_text(errors="replace")))
    except keys.UnfitKeysError as unfit:
        raise Refusal("\n".join(f"{path}: {line}" for line in str(unfit).splitlines())) from None


def understood(scopes: str) -> Scopes:
    """The scopes. Raises Refusal when one is none."""
    try:
        return parse(scopes)
    except ValueError as problem:
        raise Refusal(str(problem)) from None


def make_key(path: Path) -> None:
    """Writes a new private key to a file that only its owner can read, and prints the public JWK Set."""
    made = keys.generate()
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump(made, file, indent=2)
    except OSError as problem:
        raise Refusal(f"{path} cannot be written: {problem.strerror}") from None
    sys.stderr.write(f"{path} holds the private key: keep it to the client alone.\n")
    sys.stdout.write(json.dumps({"keys": [keys.public(made)]}, indent=2) + "\n")


async def _named(connection: Connection, name: str) -> Client:
    for one in await clients.every(connection):
        if name in (one.name, one.id):
            return one
    raise Refusal(f"there is no client {name}")


async def _record(connection: Connection, interaction: str, about: Client) -> None:
    outcome = f"{about.name}: {about.scopes}"
    done = row(interaction, outcome, "kith client", id=about.id, organisation=about.organisation)
    await audit.record(connection, [done])


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
