"""What conditional references mean: of what there is when the transaction has written all it writes.

The specification resolves them last, so that they find what the same Bundle creates and not what it deletes. Here they
are resolved before anything is stored, since references must be whole by then, and asked again afterwards.
https://hl7.org/fhir/R4/http.html#trules
"""

from typing import Any

from app.fhir.bundle.entry import WRITES, Entry
from app.fhir.definition import ResourceDefinition
from app.fhir.errors import PreconditionFailed
from app.fhir.search.matching import codes, surely_meets
from app.fhir.search.query import Query
from app.interactions.bundle.prepared import Work
from app.interactions.bundle.settled import Settled
from app.record import conditional
from app.record.context import Context
from app.record.write import Overtaken
from app.storage.pool import Connection


async def refer(context: Context, connection: Connection, work: Work, settled: Settled) -> None:
    """Finds what conditional references mean, in the record and among what the entries will make of it.

    Raises PreconditionFailed unless each means one resource.
    """
    written: dict[str, _Written] = {}
    for reference, (query, where) in work.sought.items():
        type_ = query.definition.type
        own = written.get(type_) or written.setdefault(type_, _Written(work, settled, query.definition))
        found = {each.id for each in await conditional.meeting(context, connection, query, len(own.ids) + 2)}
        found = (found - own.replaced) | own.meeting(query)
        settled.names[reference] = f"{type_}/{_one(found, query, where)}"


class _Written:
    """What the entries of a transaction write of one type: `ids`, and those of them of which nothing will be left.

    What a patch makes of a resource is not known yet: it is taken as it stands.
    """

    def __init__(self, work: Work, settled: Settled, definition: ResourceDefinition) -> None:
        entries = [entry for entry in work.entries if entry.type == definition.type and _writes(entry, settled)]
        made = [entry for entry in entries if entry.method in ("POST", "PUT")]
        self.ids = {settled.ids[entry.index] for entry in entries}
        self.replaced = {settled.ids[entry.index] for entry in entries if entry.method != "PATCH"}
        self._made = [(settled.ids[entry.index], entry.resource) for entry in made]
        self._identified: dict[str, list[tuple[str, Any]]] = {}
        for each in self._made if "identifier" in definition.by_name else ():
            for code in codes(each[1], definition.by_name["identifier"]):
                self._identified.setdefault(code, []).append(each)

    def meeting(self, query: Query) -> set[str]:
        """The ids of those that will meet criteria; the few of an identifier, when the criteria demand one."""
        demanded = set(conditional.identifiers(query))
        tried = [each for code in demanded for each in self._identified.get(code, ())] if demanded else self._made
        return {id_ for id_, resource in tried if surely_meets(resource, query.criteria)}


async def check_still_meant(context: Context, connection: Connection, work: Work, settled: Settled) -> None:
    """Raises PreconditionFailed when a conditional reference means another resource, or none, of what is stored now.

    It is asked again when the entries wrote resources of its type. What somebody else did meanwhile: Overtaken.
    """
    written: dict[str, set[str]] = {}
    for entry in work.entries if work.sought else ():
        if _writes(entry, settled):
            written.setdefault(entry.type, set()).add(settled.ids[entry.index])
    for reference, (query, where) in work.sought.items():
        type_ = query.definition.type
        own = written.get(type_)
        if not own:
            continue
        meant = settled.names[reference].removeprefix(f"{type_}/")
        found = {each.id for each in await conditional.meeting(context, connection, query, len(own) + 2)}
        if found == {meant}:
            continue
        if found - own - {meant} or (not found and meant not in own):
            raise Overtaken
        _one(found if meant in found else set(), query, where)


def _writes(entry: Entry, settled: Settled) -> bool:
    return entry.method in WRITES and not settled.is_there(entry)


def _one(found: set[str], query: Query, where: str) -> str:
    type_ = query.definition.type
    if not found:
        raise PreconditionFailed(f"No {type_} meets the criteria of this reference.", expression=where)
    if len(found) > 1:
        raise conditional.ambiguous(type_, where)
    return next(iter(found))
