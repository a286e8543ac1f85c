"""read and search of what the product defines: https://hl7.org/fhir/R4/http.html#read, #search"""

from collections.abc import Iterator
from datetime import UTC, datetime

from app import RELEASED
from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.errors import NotFound
from app.fhir.moments import moment
from app.fhir.published.everything import published, version
from app.fhir.search import query, searchset, subset
from app.fhir.search.matching import meets
from app.fhir.search.query import CURSOR, Limits, Pairs, Query
from app.fhir.search.refusal import unsupported
from app.interactions.result import Has, Result, nothing
from app.record.audited import read_audited
from app.record.context import Context
from app.storage import cursor
from app.storage.cursor import Cursor
from app.storage.resources import Stored

_RELEASED = datetime.fromisoformat(RELEASED).replace(tzinfo=UTC)


async def read_published(definition: ResourceDefinition, context: Context, id_: str, has: Has = nothing) -> Result:
    """One published resource, `unchanged` when the reader `has` it. Raises NotFound, Unavailable."""
    async with read_audited(context, "read", definition.type, id_) as answered:
        found = published(definition.type).get(id_)
        if found is None:
            raise NotFound(f"There is no {definition.type}/{id_[:64]}.")
        answered.version = version(found)
        stored = Stored(definition.type, id_, version(found), _RELEASED, "", json.dumps(found))
        unchanged = has(stored)
        answered.status = 304 if unchanged else 200
        return Result(stored, unchanged=unchanged)


async def search_published(definition: ResourceDefinition, context: Context, pairs: Pairs, *, lenient: bool) -> bytes:
    """A searchset Bundle as JSON, by id. Raises BadRequest, Unavailable."""
    asked_as = searchset.url("", definition.type, pairs).lstrip("/")
    async with read_audited(context, "search-type", definition.type, query=asked_as):
        text = query.cursor(pairs)
        position = None if text is None else cursor.loads(text, context.cursor_key)
        limits = Limits(context.policy.default_count, context.policy.max_count)
        now = context.rules.now
        asked = query.parse(pairs, definition, now=now, bases=context.bases, limits=limits, lenient=lenient)
        if asked.sort:
            raise unsupported("_sort", "is not offered here: these come by id.")
        if position:
            cursor.check(position, asked.fingerprint)
        return _bundle(context, asked, position)


def _bundle(context: Context, asked: Query, position: Cursor | None) -> bytes:
    everything = published(asked.definition.type).items()
    found = [one for one in everything if all(meets(one[1], criterion) for criterion in asked.own)]
    start = position.key if position else 0
    count = 0 if asked.summary == "count" else asked.count
    shown = found[start : start + count]
    entries = []
    for id_, resource in shown:
        whole = asked.summary in ("false", "count") and not asked.elements
        part = resource if whole else subset.subset(resource, asked.definition, asked.summary, asked.elements)
        entries.append(searchset.match(f"{context.base_url}/{asked.definition.type}/{id_}", json.dumps(part)))
    if asked.ignored:
        entries.append(searchset.outcome(asked.ignored))
    total = None if asked.total == "none" else len(found)
    more = start + count if count and start + count < len(found) else 0
    return searchset.searchset(entries, total, list(_links(context, asked, position, more)))


def _links(context: Context, asked: Query, position: Cursor | None, more: int) -> Iterator[searchset.Link]:
    def url(*further: tuple[str, str]) -> str:
        return searchset.url(context.base_url, asked.definition.type, [*asked.understood, *further])

    yield "self", url((CURSOR, cursor.dumps(position, context.cursor_key))) if position else url()
    yield "first", url()
    if more:
        began = moment(context.rules.now)
        yield "next", url((CURSOR, cursor.dumps(Cursor(asked.fingerprint, began, (), more, None), context.cursor_key)))
