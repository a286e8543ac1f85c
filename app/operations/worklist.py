"""GET /worklists/{name}: what the team has to do next, as a searchset of the records it is about.

Domain, section 2. A list is read and never written: what is done disappears from it.
"""

from dataclasses import dataclass
from functools import partial

from app.fhir.errors import Forbidden, NotFound
from app.fhir.search import searchset
from app.fhir.search.query import Pairs
from app.involvement.worklists import BY_NAME, Worklist
from app.operations.paging import Paging, check_team, read_on
from app.operations.people_listed import SCOPES, people_listed
from app.record.audited import read_audited
from app.record.context import Context
from app.security.permission import require
from app.security.scopes import CHECK, Scope
from app.storage.cursor import Cursor
from app.storage.pool import Connection
from app.storage.worklists import page as storage
from app.storage.worklists.asking import Asked
from app.storage.worklists.page import Entry, Row


@dataclass(frozen=True, slots=True)
class Listed:
    """The entries of a page, those who come along with them, and the place of the last that was looked at.

    `same`: by the id of a RelatedPerson that comes along the id of the one that stands for the same human.
    """

    entries: list[Row]
    along: list[Row]
    same: dict[str, str]
    last: tuple[int, int] | None


async def worklist(context: Context, name: str, pairs: Pairs) -> bytes:
    """A page of a list as a searchset Bundle. Raises NotFound, BadRequest, Forbidden, Unavailable."""
    wanted = BY_NAME.get(name)
    if wanted is None:
        raise NotFound(f"There is no worklist {name[:64]}; there are {', '.join(BY_NAME)}.", code="not-found")
    paging = Paging(f"worklist {name}", f"{context.root}/worklists/{name}", pairs)
    asked_as = searchset.url("", f"worklists/{name}", pairs).lstrip("/")
    async with read_audited(context, "worklist", wanted.types[0], query=asked_as) as answered:
        _check_caller(context, wanted)
        position, asked = paging.asked(context)
        async with context.connection() as connection:
            await check_team(connection, asked)
            found = await _listed(context, connection, wanted, asked)
        answered.about(row.patient for row in (*found.entries, *found.along))
        return _bundle(context, paging, found, position)


def _check_caller(context: Context, wanted: Worklist) -> None:
    if context.caller.facing != "staff":
        raise Forbidden("Worklists are for staff alone.")
    for type_ in wanted.types:
        require(context.caller.scopes, Scope(type_, "s"))
    if wanted.name in SCOPES:
        require(context.caller.scopes, CHECK, "This list tells what the sharing decision permits.")


async def _listed(context: Context, connection: Connection, wanted: Worklist, asked: Asked) -> Listed:
    """The entries of a page; of a list of people, those whom the sharing decision permits to be on it."""

    async def permitted(found: list[Entry]) -> dict[int, Entry]:
        if wanted.name in SCOPES:
            return await people_listed(context, connection, wanted.name, asked, found)
        return dict(enumerate(found))

    kept, last = await read_on(asked, partial(storage.entries, connection, wanted.name), permitted)
    people = [key for entry in kept for key, _ in entry.along]
    people += [key for entry in kept for key, _, _ in entry.alike]
    same = {id_: listed for entry in kept for _, id_, listed in entry.alike}
    patients = sorted({entry.row.patient for entry in kept if entry.row.type != "Patient"})
    along = await storage.along(connection, people, patients) if kept else []
    return Listed([entry.row for entry in kept], along, same, last)


def _bundle(context: Context, paging: Paging, found: Listed, position: Cursor | None) -> bytes:
    entries = [searchset.match(_address(context, row), row.content) for row in found.entries]
    for row in found.along:
        same = found.same.get(row.id) if row.type == "RelatedPerson" else None
        link = [("canonical", f"{context.base_url}/RelatedPerson/{same}")] if same else []
        entries.append(searchset.include(_address(context, row), row.content, link))
    return searchset.searchset(entries, None, list(paging.links(context, position, found.last)))


def _address(context: Context, row: Row) -> str:
    return f"{context.base_url}/{row.type}/{row.id}"
