"""Many new resources in one statement: what `resources.store` does for one, with everything numbered by its entry.

Nothing is stored unless everything can be. What is stored in one call may refer to each other, also in a circle: it is
not looked up, for it will be there or nothing will. Only the patient of a record must be known beforehand, or have the
id by which the record names it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import asyncpg

from app.storage.columns import columns
from app.storage.pool import Connection
from app.storage.resources import Change, Written, is_plain, looked_up, permitted, reference_rows
from app.storage.statements_together import STORE, STORE_PLAIN

# Bounds the size of one statement's parameters, and the time that they take to put together.
MOST: Final = 200

Row = tuple[Any, ...]


async def store_together(connection: Connection, changes: Sequence[Change]) -> list[Written]:
    """Stores new resources, all of one request and at most MOST, with their keys and audit rows; or nothing at all.

    Raises asyncpg.UniqueViolationError when somebody else stored one of the ids or NHS numbers first, Forbidden.
    """
    places = {(change.type, change.id): n for n, change in enumerate(changes, 1)}
    references = [reference_rows(change) for change in changes]
    numbers = {n for change, rows in zip(changes, references, strict=True) for n in looked_up(change, rows)}
    audit = changes[0].audit
    arguments = [
        *_columns(map(_entry, changes), 12),
        *columns(_each(changes, lambda change: (w for w in change.links.wanted if w not in places), numbered=False), 3),
        sorted(numbers),
        changes[0].integrity,
        changes[0].organisation,
        *columns(_each(changes, lambda change: change.keys.tokens), 5),
        *columns(_each(changes, lambda change: change.keys.strings), 5),
        *columns(_each(changes, lambda change: change.keys.dates), 5),
        *columns(((n, number, *row) for n, of in enumerate(references, 1) for number, row in enumerate(of, 1)), 9),
        *columns(_each(changes, lambda change: change.keys.uris), 4),
        *columns(_each(changes, lambda change: ((number,) for number in change.new_numbers), numbered=False), 2),
        audit.client,
        audit.user_role,
        audit.request_id,
        audit.correlation_id,
        [change.level for change in changes],
        [change.content if change.mask else None for change in changes],
        [change.below for change in changes],
        [change.one_record for change in changes],
        *columns(_each(changes, lambda change: change.keys.quantities), 8),
        changes[0].alone,
        *_columns(((n, places[w]) for n, of in enumerate(changes, 1) for w in of.links.wanted if w in places), 2),
    ]
    plain = all(is_plain(change, rows) for change, rows in zip(changes, references, strict=True))
    statement = STORE_PLAIN if plain else STORE
    with permitted():
        rows = await connection.fetch(statement.text, *statement.of(arguments))
    return _written(rows, changes)


def _entry(change: Change) -> Row:
    name, audit = change.links.patient, change.audit
    return (
        change.type,
        change.id,
        change.version,
        change.updated,
        change.mask or change.content,
        change.method,
        name.id,
        name.number,
        name.kept_with,
        change.same_patient,
        audit.interaction,
        audit.status,
    )


def _each(
    changes: Sequence[Change], rows: Callable[[Change], Iterable[Row]], *, numbered: bool = True
) -> Iterable[Row]:
    """The rows of every change after its number, and after their own when they are `numbered`."""
    for n, change in enumerate(changes, 1):
        for number, row in enumerate(rows(change), 1):
            yield (n, number, *row) if numbered else (n, *row)


def _columns(rows: Iterable[Row], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


def _written(rows: Sequence[asyncpg.Record], changes: Sequence[Change]) -> list[Written]:
    found: dict[int, list[asyncpg.Record]] = defaultdict(list)
    for row in rows:
        found[row["n"]].append(row)
    return [_one(found[n], change) for n, change in enumerate(changes, 1)]


def _one(rows: Sequence[asyncpg.Record], change: Change) -> Written:
    if rows and rows[0]["key"] is not None:
        return Written(rows[0]["key"], rows[0]["patient"], guarded=rows[0]["guarded"])
    faults = defaultdict(set)
    for row in rows:
        faults[row["fault"]].add((row["type"], row["id"]))
    return Written(
        0,
        "",
        missing=tuple(target for target in change.links.wanted if target in faults["missing"]),
        strangers=tuple(target for target in change.links.wanted if target in faults["stranger"]),
        unknown_number="unknown number" in faults,
        guarded="guarded" in faults,
        contradiction="contradiction" in faults,
    )
