"""`kith audit`: what the audit trail can be asked, and whether it is as it was written."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from app.refusal import Refusal
from app.terminal import console, database, settings

RETENTION_ROLE = "kith_retention"
TRAIL = "the audit trail"
# Keys are bigints of PostgreSQL.
BEYOND = 1 << 63
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="A day in UTC, such as 2026-03-09.")]

audit = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", help="Questions to the audit trail.")


def _key(text: str) -> int:
    """The id of an AuditEvent as an answer writes it (AuditEvent/41), or by itself."""
    key = text.removeprefix("AuditEvent/")
    if not (key.isascii() and key.isdigit() and 0 < int(key) < BEYOND):
        raise typer.BadParameter("the id of an AuditEvent is a number, such as 41 or AuditEvent/41")
    return int(key)


@audit.command()
def replay(
    key: Annotated[int, typer.Argument(metavar="ID", parser=_key, help="The id of the check's AuditEvent.")],
) -> None:
    """Ask a stored check again, of the versions that it saw, and say whether the answer is the same.

    Whatever was written since does not count. Exit codes: 0 the same; 1 not the same, or something stands in the
    way (one line says what); 2 there is no such check. The replay is recorded in the trail.
    """
    from app.fhir.errors import NotFound
    from app.replaying import replayed, show

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
    from app import auditing
    from app.administering import run
    from app.storage.pool import ROLE

    with settings() as chosen, database(chosen) as url:
        key = auditing.key(chosen)
        found, kept = run(url, ROLE, lambda connection: auditing.verified(connection, key, expect), TRAIL)
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
    from app import auditing
    from app.administering import run

    with settings() as chosen, database(chosen) as url:
        day = before.replace(tzinfo=UTC)
        if day > datetime.now(UTC) - timedelta(days=chosen.audit_keep_days):
            raise Refusal(f"rows of the last {chosen.audit_keep_days} days are kept (KITH_AUDIT_KEEP_DAYS)")
        key = auditing.key(chosen)
        address = chosen.migration_database_url or url
        count = run(address, RETENTION_ROLE, lambda connection: auditing.removed(connection, day, key), TRAIL)
        sys.stdout.write(f"{count} rows were removed\n")


@audit.command()
def export(since: Day, until: Day) -> None:
    """Write the AuditEvents of some days (`until` is not among them) to standard output, one a line, oldest first."""
    from app import auditing
    from app.administering import run
    from app.storage.pool import ROLE

    with settings() as chosen, database(chosen) as url:
        span = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
        run(url, ROLE, lambda connection: auditing.exported(connection, span, chosen.own_issuer), TRAIL)
