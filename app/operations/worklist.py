"""GET /worklists/{name}: what the team has to do next, as a searchset of the records it is about.

Domain, section 2. A list is read and never written: what is done disappears from it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.fhir.errors import BadRequest, Forbidden, NotFound
from app.fhir.moments import moment
from app.fhir.references import target
from app.fhir.search import result, searchset
from app.fhir.search.query import CURSOR, Pairs
from app.fhir.search.refusal import invalid
from app.involvement.worklists import BY_NAME, Worklist
from app.operations.people_listed import SCOPES, people_listed
from app.record.audited import read_audited
from app.record.context import Context
from app.security.permission import require
from app.security.scopes import CHECK, Scope
from app.storage import cursor
from app.storage.cursor import Cursor
from app.storage.pool import Connection
from app.storage.worklists import page as storage
from app.storage.worklists.asking import BEGINNING, Asked
from app.storage.worklists.page import Entry, Row

COUNT: Final = "_count"
_TEAMS: Final = ("Organization", "CareTeam")
# Whom it denies is left out after they were read: of a list of many such, a page reads this many times its length.
_ROUNDS: Final = 10


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
    asked_as = searchset.url("", f"worklists/{name}", pairs).lstrip("/")
    async with read_audited(context, "worklist", wanted.types[0], query=asked_as) as answered:
        _check_caller(context, wanted)
        position, asked = _asked(context, wanted, pairs)
        async with context.connection() as connection:
            await _check_team(connection, asked)
            found = await _listed(context, connection, wanted, asked)
        answered.about(row.patient for row in (*found.entries, *found.along))
        return _bundle(context, wanted, pairs, found, position)


def _check_caller(context: Context, wanted: Worklist) -> None:
    if context.caller.facing != "staff":
        raise Forbidden("Worklists are for staff alone.")
    for type_ in wanted.types:
        require(context.caller.scopes, Scope(type_, "s"))
    if wanted.name in SCOPES:
        require(context.caller.scopes, CHECK, "This list tells what the sharing decision permits.")


def _asked(context: Context, wanted: Worklist, pairs: Pairs) -> tuple[Cursor | None, Asked]:
    """What is asked for, and the place where the page begins."""
    policy, given = context.policy, _once(pairs)
    position = cursor.loads(given[CURSOR], context.cursor_key) if CURSOR in given else None
    if position:
        cursor.check(position, _fingerprint(wanted, pairs))
    # All pages of a list are of the time of its first.
    now = position.now if position else moment(context.rules.now)
    after = (int(position.values[0] or 0), position.key) if position else BEGINNING
    return position, Asked(
        now=now,
        after=after,
        limit=_count(given[COUNT], policy.max_count) if COUNT in given else policy.default_count,
        team=_team(given["team"], context.bases) if "team" in given else None,
        contact_hours=policy.contact_hours,
        concern_hours=policy.concern_hours,
        meeting_days=policy.meeting_days,
        roles=policy.key_roles,
    )


def _count(text: str, most: int) -> int:
    asked = result.count(text, most)
    if not asked:
        raise invalid(COUNT, "must be 1 or more.")
    return asked


def _once(pairs: Pairs) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in ("team", COUNT, CURSOR):
            raise BadRequest(f"A worklist has no parameter {name[:64]}; it has team and {COUNT}.", code="not-supported")
        if name in given:
            raise invalid(name, "may be given once.")
        given[name] = value
    return given


def _team(text: str, bases: tuple[str, ...]) -> tuple[str, str]:
    found = target(text, bases)
    if found is None or found.type not in _TEAMS:
        raise invalid("team", "must be Organization/ID or CareTeam/ID.")
    return found.type, found.id


def _fingerprint(wanted: Worklist, pairs: Pairs) -> str:
    return f"worklist {wanted.name} " + repr(sorted(pair for pair in pairs if pair[0] == "team"))


async def _check_team(connection: Connection, asked: Asked) -> None:
    if asked.team and not await storage.is_there(connection, *asked.team):
        raise invalid("team", f"names {'/'.join(asked.team)}, which is not here.")


async def _listed(context: Context, connection: Connection, wanted: Worklist, asked: Asked) -> Listed:
    """The entries of a page, read on until it is full or enough was read."""
    kept: list[Entry] = []
    more, after = True, asked.after
    of_people = wanted.name in SCOPES
    for _ in range(_ROUNDS if of_people else 1):
        found = await storage.entries(connection, wanted.name, asked.behind(after))
        more, found = len(found) > asked.limit, found[: asked.limit]
        permitted = dict(enumerate(found))
        if of_people:
            permitted = await people_listed(context, connection, wanted.name, asked, found)
        for place, entry in enumerate(found):
            after = entry.place
            kept += [permitted[place]] if place in permitted else []
            if len(kept) == asked.limit:
                more = more or place < len(found) - 1
                break
        if not more or len(kept) == asked.limit:
            break
    people = [key for entry in kept for key, _ in entry.along]
    people += [key for entry in kept for key, _, _ in entry.alike]
    same = {id_: listed for entry in kept for _, id_, listed in entry.alike}
    patients = sorted({entry.row.patient for entry in kept if entry.row.type != "Patient"})
    along = await storage.along(connection, people, patients) if kept else []
    return Listed([entry.row for entry in kept], along, same, after if more else None)


def _bundle(context: Context, wanted: Worklist, pairs: Pairs, found: Listed, position: Cursor | None) -> bytes:
    entries = [searchset.match(_address(context, row), row.content) for row in found.entries]
    for row in found.along:
        same = found.same.get(row.id) if row.type == "RelatedPerson" else None
        link = [("canonical", f"{context.base_url}/RelatedPerson/{same}")] if same else []
        entries.append(searchset.include(_address(context, row), row.content, link))
    return searchset.searchset(entries, None, list(_links(context, wanted, pairs, found, position)))


def _address(context: Context, row: Row) -> str:
    return f"{context.base_url}/{row.type}/{row.id}"


def _links(
    context: Context, wanted: Worklist, pairs: Sequence[tuple[str, str]], found: Listed, position: Cursor | None
) -> Iterator[searchset.Link]:
    root = context.base_url.removesuffix("/FHIR/R4")
    asked = [pair for pair in pairs if pair[0] != CURSOR]

    def url(*more: tuple[str, str]) -> str:
        return searchset.url(root, f"worklists/{wanted.name}", [*asked, *more])

    yield "self", url((CURSOR, cursor.dumps(position, context.cursor_key))) if position else url()
    yield "first", url()
    if found.last:
        now = position.now if position else moment(context.rules.now)
        place, key = found.last
        end = Cursor(_fingerprint(wanted, asked), now, (place,), key, None)
        yield "next", url((CURSOR, cursor.dumps(end, context.cursor_key)))
