"""search-type, by GET and by POST: https://hl7.org/fhir/R4/http.html#search"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.search import query, searchset, subset
from app.fhir.search.query import CURSOR, Limits, Pairs, Query
from app.record.audited import read_audited
from app.record.context import Context
from app.storage import cursor
from app.storage import search as storage
from app.storage.cursor import Cursor
from app.storage.search import Page

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
        async with context.connection() as connection:
            page = await storage.search(connection, asked, context.visibility, position)
        patients = {match.patient for match in page.matches}
        answered.patient = patients.pop() if len(patients) == 1 else ""
        return SearchResult(_bundle(context, asked, page, position), page.total)


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


def _bundle(context: Context, asked: Query, page: Page, position: Cursor | None) -> bytes:
    entries = list(_matches(context, asked, page))
    if asked.ignored:
        entries.append(searchset.outcome(asked.ignored))
    return searchset.searchset(entries, page.total, list(_links(context, asked, page, position)))


def _matches(context: Context, asked: Query, page: Page) -> Iterator[bytes]:
    whole = asked.summary in ("false", "count") and not asked.elements
    prefix = f"{context.base_url}/{asked.definition.type}/"
    for match in page.matches:
        content = match.content
        if not whole:
            part = subset.subset(json.loads(content), asked.definition, asked.summary, asked.elements)
            content = json.dumps(part)
        yield searchset.match(prefix + match.id, content)


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
