"""`kith audit replay`: a stored check asked again, and what is told of it to whoever asked."""

from datetime import UTC, datetime
from uuid import uuid4

from rich.console import Console

from app.fhir.errors import Unavailable
from app.operations.check_detail import Told
from app.operations.replay import Replayed, replay
from app.refusal import Refusal
from app.storage import audit, schema
from app.storage.audit import AuditRow
from app.storage.pool import Database
from app.storage.visibility import EVERYTHING

CLIENT = "kith audit replay"


async def replayed(url: str, key: int) -> Replayed:
    """Replays the check of AuditEvent/key in the database at `url`; this too is audited.

    Raises NotFound when there is no such check, Refusal when the database stands in the way.
    """
    found = await schema.compare(url)
    if found.standing != "current":
        raise Refusal(schema.refusal(found))
    database = Database(url, size=2)
    try:
        await database.open()
        async with database.connection(EVERYTHING) as connection:
            result = await replay(connection, key)
            await audit.record(connection, [_row(key, result)])
            return result
    except Unavailable as problem:
        raise Refusal(str(problem)) from None
    finally:
        await database.close()


def show(key: int, result: Replayed, console: Console) -> None:
    """Says whether the answers are the same, and which are not."""
    count = f"{result.answers} answer{'' if result.answers == 1 else 's'}"
    console.print(f"AuditEvent/{key}: {count}, asked {result.recorded:%Y-%m-%d %H:%M:%S} UTC, edition {result.edition}")
    if result.edition != result.edition_now:
        console.print(f"  It was decided by edition {result.edition}; this Kith decides by {result.edition_now}.")
    for version in result.missing:
        console.print(f"  {version} is no longer stored.")
    if result.is_same:
        console.print("[bold green]The answer is the same.[/]")
        return
    console.print("[bold red]The answer is not the same.[/]")
    for each in result.differences:
        recipient, scope, *_ = each.then or each.now or ("", "")
        for line in (f"{recipient} {scope}", f"  then  {_words(each.then)}", f"  now   {_words(each.now)}"):
            console.print(line, highlight=False, markup=False, soft_wrap=True)


def _words(told: Told | None) -> str:
    if told is None:
        return "no answer"
    _, _, decision, basis, based_on = told
    return f"{decision}: {basis}" + (f", on {', '.join(based_on)}" if based_on else "")


def _row(key: int, result: Replayed) -> AuditRow:
    return AuditRow(
        recorded=datetime.now(UTC),
        interaction="replay",
        type="AuditEvent",
        id=str(key),
        version=1,
        patient=result.patient,
        status=200,
        outcome="the same" if result.is_same else "not the same",
        query="",
        client=CLIENT,
        organisation="",
        user_role="",
        request_id=str(uuid4()),
        correlation_id="",
    )
