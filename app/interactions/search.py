"""search-type and search-system, also in a compartment: https://hl7.org/fhir/R4/http.html#search"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.errors import Issue
from app.fhir.moments import instant, moment
from app.fhir.published.everything import PUBLISHED
from app.fhir.resources import BY_TYPE
from app.fhir.search import query, searchset, subset
from app.fhir.search.compartment import EVERY_TYPE
from app.fhir.search.place import TYPE, Place, of_compartment, of_everything, of_type
from app.fhir.search.query import CURSOR, Limits, Pairs, Query
from app.interactions.released import with_released
from app.record import narrowed
from app.record.asked_about import named
from app.record.audited import read_audited
from app.record.context import Context
from app.record.reach import check_reach, permitted_of, reachable
from app.storage import cursor
from app.storage import search as storage
from app.storage.cursor import Cursor
from app.storage.includes import MOST_ROUNDS, Bounds, Included, included
from app.storage.search import Match, Page

_DEFINED: Final = BY_TYPE | PUBLISHED


class SearchResult(NamedTuple):
    """A searchset Bundle as JSON, and the total in it (None: left out)."""

    body: bytes
    total: int | None


async def search(
    context: Context, definition: ResourceDefinition, pairs: Pairs, *, lenient: bool = False
) -> SearchResult:
    """The matches of decoded parameters, a page at a time; a search writes nothing but its audit row.

    `lenient` (Prefer: handling=lenient) ignores unknown parameters and reports them in an outcome entry.
    Raises BadRequest, InsufficientScope, Unavailable.
    """
    return await _search(context, definition.type, definition.type, lambda: of_type(definition), pairs, lenient)


async def search_everything(context: Context, pairs: Pairs, *, lenient: bool = False) -> SearchResult:
    """The same among the types that `_type` names, or all of them."""
    return await _search(context, "", "", lambda: of_everything(pairs, _open(context)), pairs, lenient)


async def search_compartment(
    context: Context, base: str, id_: str, type_: str, pairs: Pairs, *, lenient: bool = False
) -> SearchResult:
    """The same in the compartment of a resource; `type_` is `*` for all of it. Raises NotFound where there is none."""

    def place() -> Place:
        return of_compartment(base, id_, type_, pairs, _open(context))

    searched = "" if type_ == EVERY_TYPE else type_
    return await _search(context, searched, f"{base}/{id_}/{type_}", place, pairs, lenient)


async def _search(
    context: Context, type_: str, path: str, place: Callable[[], Place], pairs: Pairs, lenient: bool
) -> SearchResult:
    interaction = "search-type" if type_ else "search-system"
    asked_as = searchset.url("", path, pairs).lstrip("/")
    async with read_audited(context, interaction, type_, query=asked_as) as answered:
        text = query.cursor(pairs)
        position = None if text is None else cursor.loads(text, context.cursor_key)
        asked = _parse(context, place(), pairs, position, lenient)
        async with context.connection() as connection:
            page = await storage.search(connection, asked, context.visibility, position)
            bounds = Bounds(_open(context), context.policy.max_included)
            along = await included(connection, page.matches, asked.includes, context.visibility, bounds)
        along = with_released(asked.includes, page.matches, along, bounds.most)
        answered.about((match.patient for match in (*page.matches, *along.resources)), named(asked))
        return SearchResult(_bundle(context, asked, page, along, position), page.total)


def _open(context: Context) -> tuple[str, ...]:
    return reachable(context.caller.scopes)


def _parse(context: Context, place: Place, pairs: Pairs, position: Cursor | None, lenient: bool) -> Query:
    # All pages of a search measure `ap` from the time of the first, or they would not be pages of one list.
    now = (instant(position.now) if position else None) or context.rules.now
    limits = Limits(context.policy.default_count, context.policy.max_count)
    allowed = permitted_of(context.caller.scopes, place.definitions)
    asked = query.parse_in(place, pairs, now=now, bases=context.bases, limits=limits, lenient=lenient)
    if position:
        cursor.check(position, asked.fingerprint)
    for each, part in zip((asked, *asked.further), allowed, strict=True):
        check_reach(context.caller.scopes, each.criteria)
        each.criteria += narrowed.conditions(part, each.definition)
        # Whoever asks for all types asks for what is stored.
        if each.definition.makes and (not place.takes_types or any(name == TYPE for name, _ in pairs)):
            each.tells = _open(context)
    return asked


def _bundle(context: Context, asked: Query, page: Page, along: Included, position: Cursor | None) -> bytes:
    of_matches, of_included = asked.elements, subset.of_included(asked.elements)
    entries = [searchset.match(*_entry(context, asked, match, of_matches)) for match in page.matches]
    entries += [searchset.include(*_entry(context, asked, match, of_included)) for match in along.resources]
    issues = [*asked.ignored, *([_truncated(context)] if along.truncated else [])]
    if issues:
        entries.append(searchset.outcome(issues))
    return searchset.searchset(entries, page.total, list(_links(context, asked, page, position)))


def _entry(context: Context, asked: Query, match: Match, elements: tuple[str, ...]) -> tuple[str, bytes]:
    """The address of a resource, and as much of it as was asked for."""
    content = match.content
    if asked.summary not in ("false", "count") or elements:
        part = subset.subset(json.loads(content), _DEFINED[match.type], asked.summary, elements)
        content = json.dumps(part)
    return f"{context.base_url}/{match.type}/{match.id}", content


def _truncated(context: Context) -> Issue:
    most = context.policy.max_included
    text = f"More is included than a page may hold: only the first {most} are here, in at most {MOST_ROUNDS} steps."
    return Issue("too-costly", f"{text} Ask for fewer matches with _count.", severity="warning")


def _links(context: Context, asked: Query, page: Page, position: Cursor | None) -> Iterator[searchset.Link]:
    def url(*more: tuple[str, str]) -> str:
        return searchset.url(context.base_url, asked.path, [*asked.understood, *more])

    first = url()
    yield "self", url((CURSOR, cursor.dumps(position, context.cursor_key))) if position else first
    yield "first", first
    if page.last:
        began = position.now if position else moment(context.rules.now)
        values, key = page.last
        end = Cursor(asked.fingerprint, began, values, key, page.total)
        yield "next", url((CURSOR, cursor.dumps(end, context.cursor_key)))
