"""A page of a worklist: its entries as they are stored, and whose records they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.storage import plans
from app.storage.bound import Bound
from app.storage.pool import Connection
from app.storage.visibility import CONTENT
from app.storage.worklists.asking import Asked, team
from app.storage.worklists.episodes import episodes
from app.storage.worklists.statements import STATEMENTS

_ENTRIES: Final = """
WITH {team} found AS MATERIALIZED ({found})
SELECT f.place, f.key, {along_keys} AS along_keys, {along_ids} AS along_ids,
       r.type, r.id, r.patient, {content} AS content
FROM found f JOIN resource r ON r.key = f.key ORDER BY f.place, f.key
"""
_ALONG: Final = f"""
SELECT r.type, r.id, r.patient, {CONTENT} AS content FROM resource r
WHERE NOT r.deleted AND (r.key = ANY($1::bigint[]) OR (r.type = 'Patient' AND r.patient = ANY($2::text[])))
ORDER BY r.type, r.key
"""

_IS_THERE: Final = "SELECT EXISTS (SELECT FROM resource WHERE type = $1 AND id = $2 AND NOT deleted)"


@dataclass(frozen=True, slots=True)
class Row:
    """One resource, as it is stored."""

    type: str
    id: str
    patient: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its place in the list, and those who come along with it, as (key, id).

    `alike` are other records of those people, as (key, id, id of the one that stands for them).
    """

    row: Row
    place: tuple[int, int]
    along: tuple[tuple[int, str], ...] = ()
    alike: tuple[tuple[int, str, str], ...] = ()


async def entries(connection: Connection, name: str, asked: Asked) -> list[Entry]:
    """The next entries of a list, as far as the caller may see them, and one more when there are more."""
    return await _entries(connection, STATEMENTS[name], asked, has_people=name == "not-invited")


async def open_episodes(connection: Connection, asked: Asked) -> list[Entry]:
    """Likewise of all open episodes."""
    return await _entries(connection, lambda asked_, bind: episodes(asked_, bind, ""), asked)


async def _entries(
    connection: Connection, select: Callable[[Asked, Bound], str], asked: Asked, *, has_people: bool = False
) -> list[Entry]:
    bind = Bound()
    found = select(replace(asked, limit=asked.limit + 1), bind)
    whose = team(asked, bind)
    keys, ids = ("f.keys", "f.ids") if has_people else ("NULL::bigint[]", "NULL::text[]")
    statement = _ENTRIES.format(team=whose, found=found, along_keys=keys, along_ids=ids, content=CONTENT)
    async with plans.kept(connection):
        rows = await connection.fetch(statement, *bind.values)
    return [
        Entry(
            Row(row["type"], row["id"], row["patient"], row["content"]),
            (row["place"], row["key"]),
            tuple(zip(row["along_keys"] or (), row["along_ids"] or (), strict=True)),
        )
        for row in rows
    ]


async def along(connection: Connection, keys: Sequence[int], patients: Sequence[str]) -> list[Row]:
    """Those who come along: by their keys, and the Patients of these records."""
    return [Row(*row) for row in await connection.fetch(_ALONG, list(keys), list(patients))]


async def is_there(connection: Connection, type_: str, id_: str) -> bool:
    """Whether there is such a resource, as far as the caller may see."""
    return bool(await connection.fetchval(_IS_THERE, type_, id_))
