"""Storing what is new in one statement that commits by itself, where the rest of the record has no say in it.

A single create and a Bundle of creates alike: whatever takes more than the statement knows takes a transaction.
"""

from collections.abc import Sequence

from app.fhir.errors import Forbidden
from app.record.advice import Known, advise_afterwards, may_refuse, may_warn
from app.record.context import Context
from app.record.draft import Draft
from app.record.protection import may_tell_where, needs_judgement
from app.record.together import guards, versions
from app.record.write import COLLISIONS, refuse_missing, stored
from app.storage import resources
from app.storage.pool import CUT, Connection, perhaps_stored
from app.storage.resources import Change, Stored, Written, looked_up, reference_rows
from app.storage.together import MOST, store_together


async def write_alone(context: Context, connection: Connection, drafts: Sequence[Draft]) -> list[Stored] | None:
    """Stores new resources, which may refer to each other, in one statement; the versions, once they are committed.

    None when it takes a transaction instead; nothing is stored then. Raises Invalid. Warnings are left in the drafts.
    """
    if not 0 < len(drafts) <= MOST or not all(_stands_alone(context, draft) for draft in drafts):
        return None
    changes = await versions(context, drafts, alone=True)
    if len(changes) > 1 and (_in_order(changes) or _guarded(changes)):
        return None
    try:
        written = await _store(connection, changes)
    except (*COLLISIONS, Forbidden):  # the transaction tells which of them
        return None
    # Where somebody is restricted or refused, a new supporter is looked at before he stands in the record.
    if any(one.unknown_number or one.guarded for one in written):
        return None
    refuse_missing(drafts, changes, written)
    made = [stored(change, one) for change, one in zip(changes, written, strict=True)]
    await _advise(context, connection, drafts, made)
    return made


def _stands_alone(context: Context, draft: Draft) -> bool:
    """Whether nothing but the statement has a say in it."""
    # What its writer may write and not read is hidden from them in a statement of its own.
    hides = draft.level > context.visibility.level
    told = context.provenance is not None or draft.definition.one_record
    return not (hides or told or needs_judgement(context, draft) or may_refuse(draft) or may_tell_where(draft))


def _in_order(changes: Sequence[Change]) -> bool:
    """Whether the record of one is found by another, of which its id does not tell it: that one must be there first."""
    names = {f"{change.type}/{change.id}" for change in changes}
    if any(
        change.links.patient.kept_with in names or (change.type == "Patient" and change.links.patient)
        for change in changes
    ):
        return True
    brought = {number for change in changes for number in change.links.numbers}
    return bool(brought) and any(
        not brought.isdisjoint(looked_up(change, reference_rows(change))) for change in changes
    )


def _guarded(changes: Sequence[Change]) -> bool:
    """Whether there is a supporter among them who must be compared with whom another restricts or refuses."""
    return any(change.type == "RelatedPerson" for change in changes) and any(guards(change) for change in changes)


async def _store(connection: Connection, changes: Sequence[Change]) -> list[Written]:
    """Commits, too. Raises Unavailable when the answer to that is lost."""
    try:
        if len(changes) == 1:  # less work for the database
            return [await resources.store(connection, changes[0])]
        return await store_together(connection, changes)
    except CUT as error:
        if isinstance(error, ValueError):  # a value that asyncpg cannot encode: nothing was sent
            raise
        raise perhaps_stored() from error


async def _advise(context: Context, connection: Connection, drafts: Sequence[Draft], made: Sequence[Stored]) -> None:
    known: Known = {}
    for draft, stored_ in zip(drafts, made, strict=True):
        if may_warn(context, draft):
            await advise_afterwards(context, connection, draft, stored_, known)
