"""`kith audit`: what the audit trail can be asked, and whether it is as it was written."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar
from uuid import uuid4

import asyncpg
import typer

from app import config
from app.fhir import json
from app.fhir.audit_event import audit_event
from app.fhir.errors import NotFound, Unavailable
from app.refusal import Refusal
from app.replaying import replayed, show
from app.security import seal_key
from app.storage import audit as trail
from app.storage import audit_events, schema, seals
from app.storage.audit import AuditRow
from app.storage.pool import ROLE, Connection, Database
from app.terminal import console, database, settings

T = TypeVar("T")
RETENTION_ROLE = "kith_retention"
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="A day in UTC, such as 2026-03-09.")]

audit = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", help="Questions to the audit trail.")


@audit.command()
def replay(key: Annotated[int, typer.Argument(metavar="ID", min=1, help="The id of the check's AuditEvent.")]) -> None:
    """Ask a stored check again, of the versions that it saw, and say whether the answer is the same.

    Whatever was written since does not count. Exit codes: 0 the same; 1 not the same, or something stands in the
    way (one line says what); 2 there is no such check. The replay is recorded in the trail.
    """
    with settings() as chosen, database(chosen) as url:
        try:
            result = asyncio.run(replayed(url, key))
        except NotFound as problem:
            raise typer.BadParameter(str(problem)) from None
        show(key, result, console)
        raise typer.Exit(0 if result.is_same else 1)


@audit.command()
def verify(
    expect: Annotated[
        str, typer.Option(metavar="NUMBER:DIGEST", help="A seal as a log or an earlier run told it.")
    ] = "",
) -> None:
    """Compare every row under a seal with the seal, and every seal with the one before.

    Finds rows that were changed, removed, added or put in another order since they were sealed, and seals that were
    not made with the key. That the newest seals were cut off shows only with --expect: keep the last line elsewhere.
    Exit codes: 0 all is as it was; 1 it is not, or something stands in the way.
    """
    with settings() as chosen, database(chosen) as url:
        key = _key(chosen)
        found, kept = _run(url, ROLE, lambda connection: _verified(connection, key, expect))
    problems = [*found.problems, *([] if kept else [f"seal {expect} is not there"])]
    for problem in problems:
        sys.stderr.write(f"kith: {problem}\n")
    sys.stdout.write(
        f"{found.seals} seals over {found.rows} rows; {found.removed} rows were removed when their time had come; "
        f"{found.unsealed} rows are not sealed yet\n"
    )
    if found.last:
        sys.stdout.write(f"{found.last.number}:{found.last.digest.hex()}\n")
    raise typer.Exit(1 if problems else 0)


@audit.command()
def remove(before: Day) -> None:
    """Remove rows that are older than a day, as whole sealed batches; their seals stay, signed.

    Not of the last KITH_AUDIT_KEEP_DAYS days. How long a trail has to be kept is for the organisation to say.
    Works as a member of the role kith_retention (KITH_MIGRATION_DATABASE_URL, else as for `serve`).
    """
    with settings() as chosen, database(chosen) as url:
        day = before.replace(tzinfo=UTC)
        if day > datetime.now(UTC) - timedelta(days=chosen.audit_keep_days):
            raise Refusal(f"rows of the last {chosen.audit_keep_days} days are kept (KITH_AUDIT_KEEP_DAYS)")
        key = _key(chosen)
        address = chosen.migration_database_url or url
        count = _run(address, RETENTION_ROLE, lambda connection: _removed(connection, day, key))
        sys.stdout.write(f"{count} rows were removed\n")


@audit.command()
def export(since: Day, until: Day) -> None:
    """Write the AuditEvents of some days (`until` is not among them) to standard output, one a line, oldest first."""
    with settings() as chosen, database(chosen) as url:
        span = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
        _run(url, ROLE, lambda connection: _exported(connection, span, chosen.own_issuer))


async def _verified(connection: Connection, key: seal_key.SealKey, expect: str) -> tuple[seals.Verified, bool]:
    found = await seals.verify(connection, key)
    number, _, digest = expect.partition(":")
    kept = not expect or (number.isdecimal() and await seals.digest(connection, int(number)) == digest.lower())
    await trail.record(connection, [_row("audit-verify", "; ".join(found.problems) or "as it was")])
    return found, kept


async def _removed(connection: Connection, before: datetime, key: seal_key.SealKey) -> int:
    count = 0
    while True:
        async with connection.transaction():
            done = await seals.remove(connection, before, key)
            if done is None:
                return count
            number, rows = done
            count += rows
            await trail.record(connection, [_row("audit-remove", f"seal {number}: {rows} rows")])


async def _exported(connection: Connection, span: tuple[datetime, datetime], site: str) -> None:
    await trail.record(connection, [_row("audit-export", f"{span[0]:%Y-%m-%d} to {span[1]:%Y-%m-%d}")])
    async with connection.transaction():
        async for row in audit_events.between(connection, *span):
            if not _written(json.dumps(audit_event(row, site)) + b"\n"):
                return


def _written(line: bytes) -> bool:
    """Writes to standard output; False when nobody reads it any more (`kith audit export ... | head`)."""
    try:
        sys.stdout.buffer.write(line)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


def _key(chosen: config.Settings) -> seal_key.SealKey:
    try:
        return seal_key.from_file(chosen.seal_key)
    except seal_key.UnfitKeyError as unfit:
        raise Refusal(f"the key of the audit trail: {unfit}") from None


def _run(url: str, role: str, work: Callable[[Connection], Awaitable[T]]) -> T:
    """Does the work on one connection under a role. Raises Refusal when the database stands in the way."""

    async def done() -> T:
        found = await schema.compare(url)
        if found.standing != "current":
            raise Refusal(schema.refusal(found))
        store = Database(url, size=2, role=role)
        await store.open()
        try:
            async with store.connection(None) as connection:
                return await work(connection)
        finally:
            await store.close()

    try:
        return asyncio.run(done())
    except (asyncpg.PostgresError, OSError, Unavailable) as problem:
        raise Refusal(f"the audit trail: {problem}") from None


def _row(interaction: str, outcome: str) -> AuditRow:
    return AuditRow(
        recorded=datetime.now(UTC),
        interaction=interaction,
        type="AuditEvent",
        id="",
        version=0,
        patient="",
        status=200,
        outcome=outcome[:1000],
        query="",
        client="kith audit",
        organisation="",
        user_role="",
        request_id=str(uuid4()),
        correlation_id="",
    )
