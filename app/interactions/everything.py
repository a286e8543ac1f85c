"""$everything: all of a patient's record. https://hl7.org/fhir/R4/patient-operation-everything.html"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.fhir import everything as parameters
from app.fhir.errors import Gone, NotFound
from app.fhir.everything import Asked
from app.fhir.resources import BY_TYPE, DEFINITIONS
from app.fhir.search import searchset
from app.fhir.search.query import Limits
from app.record import narrowed
from app.record.audited import read_audited
from app.record.context import Context
from app.security.scopes import Allowed
from app.storage import cursor, resources
from app.storage import everything as storage
from app.storage.cursor import Cursor
from app.storage.everything import EverythingPage, EverythingQuery, Found

PATIENT = BY_TYPE["Patient"]
DATES = parameters.dates(DEFINITIONS)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it was asked for and found; `allowed` is what the caller may see of each type."""

    id: str
    asked: Asked
    found: EverythingPage
    position: Cursor | None
    allowed: dict[str, tuple[Allowed, ...]]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is hidden, so that the total can be told."""
        return all(not each.constraints for both in self.allowed.values() for each in both)


async def everything(context: Context, id_: str, pairs: Sequence[tuple[str, str]]) -> bytes:
    """A searchset Bundle as JSON: the Patient, the record, and those of no patient who are named in it.

    Of each type only what the caller's scopes let him read and search. Raises BadRequest, NotFound, Gone,
    InsufficientScope, Unavailable.
    """
    async with read_audited(context, "everything", "Patient", id_, query=urlencode(pairs)) as answered:
        limits = Limits(context.policy.default_count, context.policy.max_count)
        asked = parameters.parse(pairs, BY_TYPE, limits)
        position = cursor.position(asked.cursor, context.cursor_key, asked.fingerprint(id_))
        allowed = _allowed(context, asked)
        async with context.connection() as connection:
            stored = await resources.read(connection, "Patient", id_, context.visibility)
            patient = narrowed.seen(answered.allowed, PATIENT, stored)
            if patient is None:
                raise NotFound(f"There is no Patient/{id_}.")
            answered.version, answered.patient = patient.version, patient.patient
            if patient.content is None:
                raise Gone(f"Patient/{id_} was deleted; its history is at Patient/{id_}/_history.")
            query = EverythingQuery(
                patient.patient,
                tuple(allowed),
                asked.since,
                asked.low,
                asked.high,
                DATES,
                (int(position.values[0] or 0), position.key) if position else (0, 0),
                asked.count,
            )
            found = await storage.everything(connection, query, context.visibility)
        return _bundle(context, _Page(id_, asked, found, position, allowed))


def _allowed(context: Context, asked: Asked) -> dict[str, tuple[Allowed, ...]]:
    """What may be seen of each type that is asked for: what can be both read and searched."""
    scopes = context.caller.scopes
    found: dict[str, tuple[Allowed, ...]] = {}
    for type_ in BY_TYPE:
        both = scopes.allows(type_, "r"), scopes.allows(type_, "s")
        if both[0] is not None and both[1] is not None and (asked.types is None or type_ in asked.types):
            found[type_] = (both[0], both[1])
    return found


def _bundle(context: Context, page: _Page) -> bytes:
    total = (page.position.total if page.position else page.found.total) if page.is_whole else None
    entries = [_entry(context, each) for each in page.found.found if _is_seen(page, each)]
    return searchset.searchset(entries, total, list(_links(context, page, total)))


def _is_seen(page: _Page, each: Found) -> bool:
    stored = each.stored
    return all(narrowed.seen(one, BY_TYPE[stored.type], stored) for one in page.allowed[stored.type])


def _entry(context: Context, each: Found) -> bytes:
    stored = each.stored
    full_url = f"{context.base_url}/{stored.type}/{stored.id}"
    entry = searchset.include if each.rank == 3 else searchset.match  # noqa: PLR2004  # of no patient
    return entry(full_url, stored.content or b"")


def _links(context: Context, page: _Page, total: int | None) -> Iterator[searchset.Link]:
    def url(*more: tuple[str, str]) -> str:
        return searchset.url(context.base_url, f"Patient/{page.id}/$everything", [*page.asked.said, *more])

    yield "self", url(("_cursor", cursor.dumps(page.position, context.cursor_key))) if page.position else url()
    yield "first", url()
    if page.found.more:
        last = page.found.found[-1]
        end = Cursor(page.asked.fingerprint(page.id), 0, (last.rank,), last.stored.key, total)
        yield "next", url(("_cursor", cursor.dumps(end, context.cursor_key)))
