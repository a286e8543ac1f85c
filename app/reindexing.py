"""`kith reindex`: the search keys of all current resources made anew, beside a running service."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from app.administering import opened
from app.administering import row as act
from app.fhir import json
from app.fhir.errors import Conflict, Unavailable
from app.fhir.links import links, patient_parameters
from app.fhir.masking import SEARCHED
from app.fhir.resources import BY_TYPE
from app.record.keys import keys
from app.record.write import retrying
from app.refusal import Refusal
from app.storage import audit
from app.storage import reindex as storage
from app.storage.pool import Database
from app.storage.references import rows_of_references
from app.storage.reindex import Reindexed, Row
from app.storage.visibility import EVERYTHING

Told = Callable[[int], None]


CLIENT = "kith reindex"


async def reindexed(url: str, bases: tuple[str, ...], batch: int, told: Told) -> int:
    """As `reindex`, of the database at `url`; it is on record. Raises Refusal when the database stands in the way."""
    try:
        async with opened(url) as database:
            done = await reindex(database, bases, batch, told)
            async with database.connection(EVERYTHING) as connection:
                await audit.record(connection, [act("reindex", f"{done} resources", CLIENT)])
            return done
    except (Conflict, Unavailable) as problem:
        raise Refusal(f"{problem} What was done is done: the next run goes on from there.") from None


async def reindex(database: Database, bases: tuple[str, ...], batch: int, told: Told) -> int:
    """The number of resources; `told` is called with it after each batch. `bases` are those of the service itself.

    Stopped, it goes on at the next run where it was. Raises Unavailable, Conflict (others keep writing the same).
    """
    async with database.connection(EVERYTHING) as connection:
        until = await storage.begin(connection)
    done = 0

    async def some() -> int:
        async with database.transaction(EVERYTHING) as connection:
            rows = await storage.rows(connection, until, batch)
            if rows:
                await storage.store(connection, [_keys(row, bases) for row in rows])
            return len(rows)

    while count := await retrying(some):
        done += count
        told(done)
    async with database.connection(EVERYTHING) as connection:
        await storage.end(connection)
    return done


def _keys(row: Row, bases: tuple[str, ...]) -> Reindexed:
    definition, resource = BY_TYPE[row.type], json.loads(row.content)
    found = keys(resource, definition, bases)
    hangs_on = links(resource, definition, bases, BY_TYPE)
    others = {to: where for to, where in hangs_on.wanted.items() if to != (row.type, row.id)}
    named = patient_parameters(definition)
    references = rows_of_references(row.type, found, replace(hangs_on, wanted=others), named)
    tokens, strings = (_unsought(each) if row.masked else each for each in (found.tokens, found.strings))
    return Reindexed(row.key, tokens, strings, found.dates, references, found.uris, found.quantities)


def _unsought(rows: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Keys of somebody under a restriction, where a search for where to find them does not look (kith_mask)."""
    return [(f"-{parameter}" if parameter in SEARCHED else parameter, one, other) for parameter, one, other in rows]
