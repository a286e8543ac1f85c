"""search-type, by GET and by POST: https://hl7.org/fhir/R4/http.html#search"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.errors import Issue
from app.fhir.resources import BY_TYPE
from app.fhir.search import query, searchset, subset
from app.fhir.search.query import CURSOR, Limits, Pairs, Query
from app.record import narrowed
from app.record.audited import read_audited
from app.record.context import Context
from app.record.reach import check_reach, reachable
from app.storage import cursor
from app.storage import search as storage
from app.storage.cursor import Cursor
from app.storage.includes import MOST_ROUNDS, Bounds, Included, included
from app.storage.search import Match, Page

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A searchset Bundle as JSON, and the total in it (None: left out)."""

    body: bytes
    total: int | None


async def search(
    context: Context, definition: ResourceDefinition, pairs: Pairs, *, lenient: bool = False
) -> SearchResult:
    """The matches of decoded parameters, a page at a time; a search writes nothing but its audit row.

    `lenient` (Prefer: handling=lenient) ignores unknown parameters and reports them in an outcome entry.
    Raises BadRequest, Unavailable.
    """
    asked_as = searchset.url("", definition.type, pairs).lstrip("/")
    async with read_audited(context, "search-type", definition.type, query=asked_as) as answered:
        text = query.cursor(pairs)
        position = None if text is None else cursor.loads(text, context.cursor_key)
        asked = _parse(context, definition, pairs, position, lenient=lenient)
        check_reach(context.caller.scopes, asked.criteria)
        asked.criteria += narrowed.conditions(answered.allowed, definition)
        async with context.connection() as connection:
            page = await storage.search(connection, asked, context.visibility, position)
            bounds = Bounds(reachable(context.caller.scopes), context.policy.max_included)
            along = await included(connection, page.matches, asked.includes, context.visibility, bounds)
        patients = {match.patient for match in (*page.matches, *along.resources)}
        answered.patient = patients.pop() if len(patients) == 1 else ""
        return SearchResult(_bundle(context, asked, page, along, position), page.total)


def _parse(
    context: Context, definition: ResourceDefinition, pairs: Pairs, position: Cursor | None, *, lenient: bool
) -> Query:
    # All pages of a search measure `ap` from the time of the first, or they would not be pages of one list.
    now = _EPOCH + timedelta(microseconds=position.now) if position else context.rules.now
    limits = Limits(context.policy.default_count, context.policy.max_count)
    asked = query.parse(pairs, definition, now=now, bases=context.bases, limits=limits, lenient=lenient)
    if position:
        cursor.check(position, asked.fingerprint)
    return asked


def _bundle(context: Context, asked: Query, page: Page, along: Included, position: Cursor | None) -> bytes:
    entries = [searchset.match(*_entry(context, asked, match)) for match in page.matches]
    entries += [searchset.include(*_entry(context, asked, match)) for match in along.resources]
    issues = [*asked.ignored, *([_truncated(context)] if along.truncated else [])]
    if issues:
        entries.append(searchset.outcome(issues))
    return searchset.searchset(entries, page.total, list(_links(context, asked, page, position)))


def _entry(context: Context, asked: Query, match: Match) -> tuple[str, bytes]:
    """The address of a resource, and as much of it as was asked for."""
    content = match.content
    if asked.summary not in ("false", "count") or asked.elements:
        part = subset.subset(json.loads(content), BY_TYPE[match.type], asked.summary, asked.elements)
        content = json.dumps(part)
    return f"{context.base_url}/{match.type}/{match.id}", content


def _truncated(context: Context) -> Issue:
    most = context.policy.max_included
    text = f"More is included than a page may hold: only the first {most} are here, in at most {MOST_ROUNDS} steps."
    return Issue("too-costly", f"{text} Ask for fewer matches with _count.", severity="warning")


def _links(context: Context, asked: Query, page: Page, position: Cursor | None) -> Iterator[searchset.Link]:
    def url(*more: tuple[str, str]) -> str:
        return searchset.url(context.base_url, asked.definition.type, [*asked.understood, *more])

    yield "self", url((CURSOR, cursor.dumps(position, context.cursor_key))) if position else url()
    yield "first", url()
    if page.last:
        began = position.now if position else (context.rules.now - _EPOCH) // timedelta(microseconds=1)
        values, key = page.last
        end = Cursor(asked.fingerprint, began, values, key, page.total)
        yield "next", url((CURSOR, cursor.dumps(end, context.cursor_key)))
