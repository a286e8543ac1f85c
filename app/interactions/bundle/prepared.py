"""Entries made ready: everything that can be judged before the database is asked, and all that is wrong at once."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from app.fhir.bundle.address import address
from app.fhir.bundle.entry import WRITES, Entry
from app.fhir.bundle.names import Names
from app.fhir.bundle.place import about, named, within
from app.fhir.errors import BadRequest, FhirError, Forbidden, Invalid, Issue
from app.fhir.parse import check_writable, received
from app.fhir.patch import Patch
from app.fhir.patch.reading import read_entry
from app.fhir.references import references
from app.fhir.search.query import Query
from app.fhir.structure import MAX_ISSUES
from app.record import conditional
from app.record.context import Context
from app.record.preconditions import ETAG, ETAG_OR_VERSION, match
from app.security.permission import permitted

INTERACTIONS: Final = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
# So many entries are validated before others have their turn at the processor.
_AT_ONCE = 20


@dataclass(slots=True)
class Work:
    """Entries whose resources are valid and refer to each other by type and id.

    `searches` are those that find what an entry is about, by its index; `sought` those of conditional references, by
    the reference that stands for what is found, each with the expression of the first element that holds it.
    `unknown` are names in them, patches included, that no entry has.
    """

    entries: Sequence[Entry]
    searches: dict[int, Query] = field(default_factory=dict)
    sought: dict[str, tuple[Query, str]] = field(default_factory=dict)
    patches: dict[int, Patch] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)


async def prepare(context: Context, entries: Sequence[Entry]) -> Work:
    """The work that entries ask for. Raises BadRequest, PreconditionFailed, Invalid with all that is wrong.

    What the caller may not do at all (Forbidden) is said first and alone.
    """
    for entry in entries:
        with named(entry.place):
            _permit(context, entry)
    refusals, names = list[FhirError](), Names(context.bases)
    work = Work(entries, unknown=names.unknown)
    for entry in entries:
        _identify(entry, names)
    sound = []
    for number, entry in enumerate(entries):
        try:
            with named(entry.place):
                _ready(context, work, entry, names)
                sound.append(entry)
        except Forbidden:
            raise
        except FhirError as refusal:
            refusals.append(refusal)
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
    where = _where(sound, set(names.conditional.values()))
    for text, reference in names.conditional.items():
        try:
            with named(where.get(reference, "")):
                work.sought[reference] = (_sought(context, text), where.get(reference, ""))
        except Forbidden:
            raise
        except FhirError as refusal:
            refusal.issues = about(refusal.issues, where.get(reference, ""))
            refusals.append(refusal)
    _refuse(refusals)
    refuse_twice((entry, entry.address.id) for entry in entries if entry.method in WRITES and entry.address.id)
    return work


def refuse_twice(named: Iterable[tuple[Entry, str]]) -> None:
    """Raises BadRequest when two entries write the resource of one id."""
    first: dict[tuple[str, str], Entry] = {}
    said = []
    for entry, id_ in named:
        other = first.setdefault((entry.type, id_), entry)
        if other is not entry:
            text = f"{other.place} is about the same {entry.type}: what becomes of it must be said once."
            said.append(Issue("duplicate", text, f"{entry.place}.request.url", spine="INVALID_VALUE"))
    if said:
        raise BadRequest(issues=tuple(said[:MAX_ISSUES]))


def _permit(context: Context, entry: Entry) -> None:
    """Raises InsufficientScope unless the caller may do what the entry asks; reads are asked when they are read."""
    if entry.method in INTERACTIONS:
        permitted(context.caller.scopes, INTERACTIONS[entry.method], entry.type)


def _identify(entry: Entry, names: Names) -> None:
    """Gives an entry the id that it has, or a new one, and lets others refer to it by its fullUrl."""
    if not entry.id and entry.method not in ("GET", "HEAD"):
        told = entry.resource.get("id") if isinstance(entry.resource, dict) and entry.method == "PUT" else None
        entry.id = told if isinstance(told, str) else str(uuid4())
    if entry.full_url and entry.id and entry.method != "DELETE":
        names.known[entry.full_url] = f"{entry.type}/{entry.id}"


def _ready(context: Context, work: Work, entry: Entry, names: Names) -> None:
    """Reads the preconditions and the resource of an entry. Raises FhirError."""
    if entry.method in WRITES:
        check_writable(entry.address.definition, entry.address.id)
    if entry.if_match:
        match(entry.if_match, "ifMatch", ETAG)
    if entry.if_none_match and entry.method == "PUT" and entry.if_none_match != "*":
        raise BadRequest("ifNoneMatch of an update can only be *.", expression=f"{entry.place}.request.ifNoneMatch")
    if entry.if_none_match:
        match(entry.if_none_match, "ifNoneMatch", ETAG_OR_VERSION)
    if entry.criteria is not None:
        try:
            work.searches[entry.index] = conditional.criteria(context, entry.address.definition, entry.criteria)
        except FhirError as refusal:
            refusal.issues = about(refusal.issues, entry.says_criteria)
            raise
    if entry.method in ("POST", "PUT"):
        _validate(context, entry, names)
    elif entry.method == "PATCH":
        work.patches[entry.index] = read_entry(entry.resource, entry.type, names, entry.root.root if entry.root else "")


def _validate(context: Context, entry: Entry, names: Names) -> None:
    written = names.rewritten(entry.resource, entry.root.root if entry.root else "")
    parsed = received(written, entry.address.definition, context.rules, new=entry.method == "POST")
    entry.resource, entry.warnings = parsed.resource, parsed.warnings
    refuse_unknown(names.unknown, parsed.resource)


def refuse_unknown(names: set[str], resource: dict[str, Any]) -> None:
    """Raises Invalid when a resource refers to names that no entry has."""
    said = tuple(_unknown(names, resource)) if names else ()
    if said:
        raise Invalid(issues=said)


def _unknown(unknown: set[str], resource: dict[str, Any]) -> Iterator[Issue]:
    for found in references(resource):
        if found.element.get("reference") in unknown:
            text = "No entry of this transaction has this fullUrl."
            yield Issue("not-found", text, found.expression, spine="INVALID_VALUE")


def _sought(context: Context, text: str) -> Query:
    """What a conditional reference looks for. Raises FhirError."""
    asked = address(text, context.bases)
    return conditional.criteria(context, asked.definition, asked.criteria or [])


def _where(entries: Sequence[Entry], wanted: set[str]) -> dict[str, str]:
    """The expressions of the first elements that hold these references, as seen from the Bundle."""
    found: dict[str, str] = {}
    for entry in entries if wanted else ():
        for each in references(entry.resource) if entry.method in ("POST", "PUT") else ():
            reference = each.element.get("reference", "")
            if reference in wanted and reference not in found:
                found[reference] = within(each.expression, entry.place)
    return found


def _refuse(refusals: list[FhirError]) -> None:
    """Raises one refusal for all: of their kind if they are of one, or else the one for what is said against rules."""
    if not refusals:
        return
    said = tuple(issue for refusal in refusals for issue in refusal.issues)[:MAX_ISSUES]
    kinds = {type(refusal) for refusal in refusals}
    raise (kinds.pop() if len(kinds) == 1 else Invalid)(issues=said)
