"""GET and HEAD entries: what they read in the transaction, after everything in it has been written."""

from dataclasses import replace
from datetime import datetime

from app.fhir.bundle.entry import Entry
from app.fhir.bundle.response import Answer
from app.interactions.bundle.asking import ask
from app.interactions.read import read
from app.interactions.search import search
from app.interactions.vread import vread
from app.record.context import Context
from app.record.preconditions import ETAG_OR_VERSION, is_current, match
from app.record.stamp import instant
from app.sharing.times import instant as instant_of
from app.sharing.times import span


async def read_entry(context: Context, entry: Entry, *, lenient: bool) -> Answer:
    """The answer to an entry that reads, vreads, searches or asks for what else a transaction may.

    Raises BadRequest, NotFound, Gone, Unavailable.
    """
    asked = entry.address
    if asked.asks:
        return await ask(context, entry, lenient=lenient, operations={})
    if not asked.id:
        found = await search(context, asked.definition, asked.criteria or [], lenient=lenient)
        return _shown(entry, Answer(200, content=found.body))
    if asked.version:
        result = await vread(context, asked.definition, asked.id, asked.version)
    else:
        result = await read(context, asked.definition, asked.id)
    stored = result.stored
    name, updated = f"{stored.type}/{stored.id}", instant(stored.updated)
    known = match(entry.if_none_match, "ifNoneMatch", ETAG_OR_VERSION) if entry.if_none_match else None
    if is_current(stored, known, _moment(entry.if_modified_since)):
        return Answer(304, name, stored.version, updated)
    content = entry.part.of(stored.content) if entry.part and stored.content else stored.content
    return _shown(entry, Answer(200, name, stored.version, updated, content))


def _shown(entry: Entry, answer: Answer) -> Answer:
    return replace(answer, content=None) if entry.method == "HEAD" else answer


def _moment(written: str) -> datetime | None:
    """A valid FHIR instant as an aware time, a leap second as the second after it; None when there is none."""
    covered = span(written)
    return instant_of(covered.low) if covered else None
