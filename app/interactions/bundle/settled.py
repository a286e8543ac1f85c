"""Which resources a transaction is about, once the record has been asked: searches decided, ids known.

What conditional references mean is known last: `referred.py`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.fhir.bundle.entry import WRITES, Entry
from app.fhir.bundle.names import renamed
from app.fhir.bundle.place import about
from app.fhir.errors import BadRequest, FhirError, NotFound
from app.fhir.links import links
from app.fhir.resources import BY_TYPE
from app.interactions.bundle.prepared import Work, refuse_twice
from app.record import conditional, patients
from app.record.context import Context
from app.record.write import Overtaken
from app.storage import turns
from app.storage.pool import Connection
from app.storage.search import Match


@dataclass(slots=True)
class Settled:
    """What each entry is about: `ids` by index, `matches` those that searches found; `names` has what references
    became, by what they were.
    """

    ids: dict[int, str] = field(default_factory=dict)
    matches: dict[int, Match] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def resource(self, entry: Entry) -> Any:
        """The resource of an entry, with references to what was found."""
        return renamed(entry.resource, self.names)

    def is_there(self, entry: Entry) -> bool:
        """Whether a conditional create found what it would have made."""
        return entry.method == "POST" and entry.index in self.matches


async def settle(context: Context, connection: Connection, work: Work) -> Settled:
    """Decides what the entries of this work are about, within the transaction that writes.

    Raises PreconditionFailed, BadRequest, NotFound.
    """
    settled = Settled(ids={entry.index: entry.id for entry in work.entries})
    await _search(context, connection, work, settled)
    await _become_known(connection, work, settled, context)
    for entry in work.entries:
        if settled.ids[entry.index] != entry.id:
            settled.names[f"{entry.type}/{entry.id}"] = f"{entry.type}/{settled.ids[entry.index]}"
    refuse_twice(_written(work, settled))
    return settled


async def _search(context: Context, connection: Connection, work: Work, settled: Settled) -> None:
    """Finds what the criteria of entries mean; who asks alike at the same time waits until this is done."""
    searching = [entry for entry in work.entries if entry.index in work.searches]
    if not searching:
        return
    _refuse_alike(work, searching)
    waiting = [conditional.turns(context, work.searches[entry.index], _resource(entry)) for entry in searching]
    await turns.take(connection, conditional.together(waiting))
    for entry in searching:
        try:
            found = await conditional.one(context, connection, work.searches[entry.index])
        except FhirError as refusal:
            refusal.issues = about(refusal.issues, entry.says_criteria)
            raise
        if found is not None:
            settled.matches[entry.index] = found
        settled.ids[entry.index] = _id(entry, found)


def _id(entry: Entry, found: Match | None) -> str:
    """The id that an entry writes, by what its criteria found."""
    if found is None:
        if entry.method == "PATCH":
            raise NotFound(f"No {entry.type} meets the criteria.", expression=f"{entry.place}.request.url")
        return entry.id
    if entry.method == "PUT" and "id" in entry.resource and entry.resource["id"] != found.id:
        text = "The id is not that of the one resource that meets the criteria."
        raise BadRequest(text, expression=f"{entry.place}.resource.id")
    return found.id


def _resource(entry: Entry) -> dict[str, Any] | None:
    return entry.resource if entry.method in ("POST", "PUT") else None


def _refuse_alike(work: Work, searching: list[Entry]) -> None:
    """Raises BadRequest when two have the same criteria: the second would find what the first made, or changed."""
    first: dict[str, Entry] = {}
    for entry in searching:
        if entry.method in ("POST", "PUT"):
            asked = work.searches[entry.index]
            said = f"{entry.type} {sorted(map(repr, asked.criteria))}"
            other = first.setdefault(said, entry)
            if other is not entry:
                text = f"{other.place} has the same criteria, so both are about the same {entry.type}."
                raise BadRequest(text, code="duplicate", expression=entry.says_criteria)


async def check_as_found(context: Context, connection: Connection, work: Work, settled: Settled) -> None:
    """Raises Overtaken unless the criteria of entries find what they found, now that all that changes is locked.

    Somebody who took no turn may have come between two searches, or between them and a lock that was waited for.
    """
    for index, asked in work.searches.items():
        before = settled.matches.get(index)
        now = await conditional.meeting(context, connection, asked, 2)
        if [(each.id, each.content) for each in now] != ([(before.id, before.content)] if before else []):
            raise Overtaken


async def check_still_one(context: Context, connection: Connection, work: Work, settled: Settled) -> None:
    """Raises PreconditionFailed when, of what was created here, more than one meets the criteria of an entry.

    Two entries may mean one resource in different words. They are asked again when others of the type are stored too.
    What somebody else has made meanwhile, who took no turn, is no fault of theirs: Overtaken.
    """
    created = [
        entry for entry in work.entries if entry.method in ("POST", "PUT") and entry.index not in settled.matches
    ]
    several = Counter(
        entry.type for entry in work.entries if entry.method in ("POST", "PUT", "PATCH") and not settled.is_there(entry)
    )
    own = {(entry.type, settled.ids[entry.index]) for entry in work.entries if entry.method in WRITES}
    for entry in created:
        if entry.index in work.searches and several[entry.type] > 1:
            found = await conditional.meeting(context, connection, work.searches[entry.index], len(own) + 1)
            if any((each.type, each.id) not in own for each in found):
                raise Overtaken
            if len(found) > 1:
                raise conditional.ambiguous(entry.type, entry.says_criteria)


async def _become_known(connection: Connection, work: Work, settled: Settled, context: Context) -> None:
    """A new Patient takes the place of the minimal one that so far stands for its NHS number."""
    for entry in work.entries:
        if entry.method == "POST" and entry.type == "Patient" and entry.index not in settled.matches:
            numbers = links(entry.resource, BY_TYPE["Patient"], context.bases, BY_TYPE).numbers
            id_ = await patients.unverified_id(context, connection, numbers) if numbers else ""
            if id_:
                settled.ids[entry.index] = id_


def _written(work: Work, settled: Settled) -> Iterator[tuple[Entry, str]]:
    """The entries that write with the ids they write; and those that find what another one may delete."""
    deleted = {(entry.type, settled.ids[entry.index]) for entry in work.entries if entry.method == "DELETE"}
    for entry in work.entries:
        id_ = settled.ids[entry.index]
        if entry.method in WRITES and (not settled.is_there(entry) or (entry.type, id_) in deleted):
            yield entry, id_
