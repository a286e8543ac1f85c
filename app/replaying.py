"""`kith audit replay`: a stored check asked again, and what is told of it to whoever asked."""

from rich.console import Console

from app.administering import opened, row
from app.fhir.errors import Unavailable
from app.operations.check_detail import Told
from app.operations.replay import Replayed, replay
from app.refusal import Refusal
from app.storage import audit
from app.storage.audit import AuditRow
from app.storage.visibility import EVERYTHING

CLIENT = "kith audit replay"


async def replayed(url: str, key: int) -> Replayed:
    """Replays the check of AuditEvent/key in the database at `url`; this too is audited.

    Raises NotFound when there is no such check, Refusal when the database stands in the way.
    """
    try:
        async with opened(url) as database, database.connection(EVERYTHING) as connection:
            result = await replay(connection, key)
            await audit.record(connection, [_row(key, result)])
            return result
    except Unavailable as problem:
        raise Refusal(str(problem)) from None


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
    outcome = "the same" if result.is_same else "not the same"
    return row("replay", outcome, CLIENT, type="AuditEvent", id=str(key), version=1, patient=result.patient)
