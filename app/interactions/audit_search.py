"""search for AuditEvents, newest first: https://hl7.org/fhir/R4/auditevent.html#search"""

from collections.abc import Iterator

from app.fhir import json
from app.fhir.audit_event import Recorded, audit_event
from app.fhir.moments import instant, moment
from app.fhir.resources.audit_event import AUDIT_EVENT
from app.fhir.search import query, searchset, subset
from app.fhir.search.query import CURSOR, Limits, Pairs, Query
from app.fhir.search.refusal import unsupported
from app.record.asked_about import named
from app.record.audited import read_audited
from app.record.context import Context
from app.storage import audit_events, cursor
from app.storage.cursor import Cursor

_NEWEST_FIRST = ("date", "_lastUpdated")


async def audit_search(context: Context, pairs: Pairs, *, lenient: bool = False) -> bytes:
    """A searchset Bundle as JSON, a page at a time, without a total: nobody counts the trail.

    `lenient` (Prefer: handling=lenient) ignores unknown parameters and reports them. Raises BadRequest, Unavailable.
    """
    asked_as = searchset.url("", AUDIT_EVENT.type, pairs).lstrip("/")
    async with read_audited(context, "search-type", AUDIT_EVENT.type, query=asked_as) as answered:
        text = query.cursor(pairs)
        position = None if text is None else cursor.loads(text, context.cursor_key)
        asked = _parse(context, pairs, position, lenient=lenient)
        before = position.key if position else 0
        async with context.connection() as connection:
            rows = await audit_events.search(connection, asked.own, before, asked.count + 1, context.trail)
        shown = rows[: asked.count]
        answered.about((row.patient for row in shown), named(asked))
        entries = [_match(context, asked, row) for row in shown]
        if asked.ignored:
            entries.append(searchset.outcome(asked.ignored))
        more = shown[-1].key if len(rows) > len(shown) else 0
        return searchset.searchset(entries, None, list(_links(context, asked, position, more)))


def _parse(context: Context, pairs: Pairs, position: Cursor | None, *, lenient: bool) -> Query:
    # All pages of a search measure `ap` from the time of the first.
    now = (instant(position.now) if position else None) or context.rules.now
    limits = Limits(context.policy.default_count, context.policy.max_count)
    asked = query.parse(pairs, AUDIT_EVENT, now=now, bases=context.bases, limits=limits, lenient=lenient)
    if any(sort.parameter.name not in _NEWEST_FIRST or not sort.descending for sort in asked.sort):
        raise unsupported("_sort", "can only be -date: AuditEvents come newest first.")
    if asked.total == "accurate" or asked.summary == "count":
        raise unsupported("_total" if asked.total == "accurate" else "_summary", "cannot count AuditEvents.")
    if position:
        cursor.check(position, asked.fingerprint)
    asked.count = max(1, asked.count)
    return asked


def _match(context: Context, asked: Query, row: Recorded) -> bytes:
    resource = audit_event(row, context.base_url)
    if asked.summary != "false" or asked.elements:
        resource = subset.subset(resource, AUDIT_EVENT, asked.summary, asked.elements)
    return searchset.match(f"{context.base_url}/{AUDIT_EVENT.type}/{row.key}", json.dumps(resource))


def _links(context: Context, asked: Query, position: Cursor | None, more: int) -> Iterator[searchset.Link]:
    def url(*further: tuple[str, str]) -> str:
        return searchset.url(context.base_url, AUDIT_EVENT.type, [*asked.understood, *further])

    yield "self", url((CURSOR, cursor.dumps(position, context.cursor_key))) if position else url()
    yield "first", url()
    if more:
        began = position.now if position else moment(context.rules.now)
        place = cursor.dumps(Cursor(asked.fingerprint, began, (), more, None), context.cursor_key)
        yield "next", url((CURSOR, place))
