"""A transaction: deletions, then creates and updates in the order in which they refer to each other, then reads.

Everything happens on one connection, in one transaction of the database, which is begun anew when it collides with
another's. https://hl7.org/fhir/R4/http.html#trules
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.fhir import json
from app.fhir.bundle.entry import Entry
from app.fhir.bundle.names import renamed
from app.fhir.bundle.place import named
from app.fhir.bundle.response import Answer
from app.fhir.errors import Conflict, Issue
from app.interactions import delete, patch
from app.interactions.bundle.prepared import Work, refuse_unknown
from app.interactions.bundle.reading import read_entry
from app.interactions.bundle.referred import check_still_meant, refer
from app.interactions.bundle.room import Room, too_much
from app.interactions.bundle.settled import Settled, check_as_found, check_still_one, settle
from app.interactions.update import Update, next_version
from app.record import patients
from app.record.alone import write_alone
from app.record.context import Context
from app.record.draft import Draft
from app.record.preconditions import check_match, match
from app.record.stamp import instant
from app.record.together import write_together
from app.record.write import Overtaken, retrying
from app.storage import resources
from app.storage.audit import AuditRow, record
from app.storage.pool import Connection, Within
from app.storage.resources import Stored


async def carry_out(context: Context, work: Work, *, lenient: bool = False) -> list[Answer]:
    """Does what the entries ask, all or nothing; the answers in their order, once it is committed.

    Raises FhirError that names the entry.
    """
    answers = await _alone(context, work)
    if answers is None:
        answers = await retrying(lambda: _attempt(context, work, lenient=lenient))
    return answers


async def _alone(context: Context, work: Work) -> list[Answer] | None:
    """The answers to creates that nothing has to be settled for, stored in one statement; None for other work."""
    if work.searches or work.sought or any(entry.method != "POST" for entry in work.entries):
        return None
    drafts = [
        Draft(entry.address.definition, entry.resource, entry.id, "POST", "create", 201, place=entry.place)
        for entry in work.entries
    ]
    async with context.connection() as connection:
        made = await write_alone(context, connection, drafts)
    if made is None:
        return None
    return [
        _answer(draft.status, stored, (*entry.warnings, *draft.warnings))
        for entry, draft, stored in zip(work.entries, drafts, made, strict=True)
    ]


async def _attempt(context: Context, work: Work, *, lenient: bool) -> list[Answer]:
    reads = all(entry.method in ("GET", "HEAD") for entry in work.entries)
    async with context.transaction(one_moment=reads) as connection:
        settled = await settle(context, connection, work)
        await refer(context, connection, work, settled)
        transaction = _Transaction(context, connection, work, settled)
        await transaction.write()
        await check_still_one(context, connection, work, settled)
        await check_still_meant(context, connection, work, settled)
        return await transaction.answers(lenient=lenient)


class _Transaction:
    """One attempt: what was settled, locked and written in it."""

    def __init__(self, context: Context, connection: Connection, work: Work, settled: Settled) -> None:
        self._context = context
        self._connection = connection
        self._work = work
        self._entries = work.entries
        self._patches = work.patches
        self._settled = settled
        self._answers: dict[int, Answer] = {}
        self._deleted: list[Entry] = []
        self._current: dict[int, Stored] = {}
        self._existing: dict[int, Stored] = {}
        self._unneeded: list[AuditRow] = []
        self._warnings = {entry.index: entry.warnings for entry in work.entries}

    async def write(self) -> None:
        """Deletes and stores, and judges what refers to what when all is as it will be."""
        await self._lock_deleted()
        await self._lock_stored()
        if len(self._work.searches) > 1 or (self._work.searches and self._by_id()):
            await check_as_found(self._context, self._connection, self._work, self._settled)
        # What others may name in other ways than by reference stays to be found until nobody does.
        last = [entry for entry in self._deleted if entry.address.definition.kept_for]
        first = [entry for entry in self._deleted if not entry.address.definition.kept_for]
        for entry in first:
            await self._delete(entry)
        await self._store()
        for entry in (*first, *last):
            await self._check_unused(entry)
        for entry in last:
            await self._delete(entry)
        if self._unneeded:
            await record(self._connection, self._unneeded)

    async def answers(self, *, lenient: bool) -> list[Answer]:
        """The answers to all entries; what they read is read now."""
        within, room = self._context._replace(database=Within(self._connection)), Room()
        for entry in self._entries:
            if entry.index not in self._answers:
                with named(entry.place):
                    if room.is_used:
                        raise too_much()
                    self._answers[entry.index] = await read_entry(within, entry, lenient=lenient)
                    room.take(self._answers[entry.index])
        return [self._answers[entry.index] for entry in self._entries]

    def _of(self, *methods: str) -> list[Entry]:
        return [entry for entry in self._entries if entry.method in methods]

    async def _lock(self, entries: Sequence[Entry], *, to_delete: bool = False) -> dict[int, Stored]:
        """The rows that entries are about, by index, as they stand until this transaction ends."""
        names = {entry.index: (entry.type, self._settled.ids[entry.index]) for entry in entries}
        locked = await resources.lock_all(
            self._connection, set(names.values()), self._context.visibility, to_delete=to_delete
        )
        found = {index: locked[name] for index, name in names.items() if name in locked}
        for index, found_by in self._settled.matches.items():
            stored = found.get(index)
            if index in names and (stored is None or (stored.content != found_by.content and not stored.masked)):
                raise Overtaken
        return found

    def _by_id(self) -> bool:
        """Whether a row is locked that no criteria found: who had it before may have changed what others find."""
        return any(index not in self._settled.matches for index in (*self._current, *self._existing))

    async def _lock_stored(self) -> None:
        """Locks what is there of what gets another version."""
        entries = [entry for entry in self._of("POST", "PUT", "PATCH") if not self._settled.is_there(entry)]
        self._existing = await self._lock([entry for entry in entries if self._may_be_there(entry)])

    async def _lock_deleted(self) -> None:
        """Locks what is to be deleted; what is not there needs no more than a record of that."""
        entries = self._of("DELETE")
        locked = await self._lock(entries, to_delete=True)
        for entry in entries:
            with named(entry.place):
                stored = locked.get(entry.index)
                current = stored if stored and stored.content is not None else None
                name = f"{entry.type}/{self._settled.ids[entry.index]}"
                check_match(self._context, name, current, match(entry.if_match, "ifMatch") if entry.if_match else None)
            if current is not None:
                self._deleted.append(entry)
                self._current[entry.index] = current
            else:
                self._nothing_to_delete(entry, stored)

    def _nothing_to_delete(self, entry: Entry, stored: Stored | None) -> None:
        id_, version = entry.address.id, stored.version if stored else 0
        row = self._context.audit_row("delete", entry.type, id_, status=204, outcome="nothing to delete")
        self._unneeded.append(row)
        self._answers[entry.index] = Answer(204, f"{entry.type}/{id_}" if stored else "", version, written=True)

    async def _delete(self, entry: Entry) -> None:
        current = self._current[entry.index]
        with named(entry.place):
            await delete.check_kept(self._context, self._connection, entry.address.definition, current)
            await resources.forget_keys(self._connection, current, patients.numbers_of(current))
            version = await delete.remove(self._context, self._connection, current)
        updated = instant(self._context.rules.now)
        self._answers[entry.index] = Answer(204, f"{entry.type}/{current.id}", version, updated, written=True)

    async def _check_unused(self, entry: Entry) -> None:
        # The references of what was deleted first are gone already.
        going = [self._current[each.index].key for each in self._deleted if each.address.definition.kept_for]
        with named(entry.place):
            definition, current = entry.address.definition, self._current[entry.index]
            await delete.check_unused(self._context, self._connection, definition, current, going)

    async def _store(self) -> None:
        entries = [entry for entry in self._of("POST", "PUT", "PATCH") if not self._settled.is_there(entry)]
        drafts = {}
        for entry in entries:
            with named(entry.place):
                draft = self._draft(entry, self._existing.get(entry.index))
            if draft is not None:
                drafts[entry.index] = replace(draft, place=entry.place)
        made = await write_together(self._context, self._connection, list(drafts.values()))
        for (index, draft), stored in zip(drafts.items(), made, strict=True):
            self._answers[index] = _answer(draft.status, stored, (*self._warnings[index], *draft.warnings))
        for entry in self._of("POST"):
            if self._settled.is_there(entry):
                self._answers[entry.index] = self._found(entry)

    def _may_be_there(self, entry: Entry) -> bool:
        return entry.method != "POST" or self._settled.ids[entry.index] != entry.id

    def _draft(self, entry: Entry, existing: Stored | None) -> Draft | None:
        """The version that an entry makes, None when it makes none."""
        definition, id_ = entry.address.definition, self._settled.ids[entry.index]
        if entry.method == "PATCH":
            return self._patched(entry, patch.there(existing, definition, id_))
        resource = self._settled.resource(entry)
        if entry.method == "POST":
            if existing is None and self._may_be_there(entry):
                raise Overtaken
            return Draft(definition, resource, id_, "POST", "create", 201, existing)
        found = entry.index in self._settled.matches
        if existing and existing.content is not None and not entry.address.id and not found:
            text = f"{entry.type}/{id_} is there, and does not meet the criteria."
            raise Conflict(text, expression=f"{entry.type}.id")
        asked = match(entry.if_match, "ifMatch") if entry.if_match else None
        update = Update(id_, if_match=asked, only_new=entry.if_none_match == "*")
        return next_version(self._context, definition, update, resource, existing)

    def _patched(self, entry: Entry, current: Stored) -> Draft | None:
        definition, change = entry.address.definition, self._patches[entry.index]
        asked = match(entry.if_match, "ifMatch") if entry.if_match else None
        parsed = patch.patched_version(self._context, definition, current, change, asked)
        if parsed is None:
            self._unneeded.append(patch.nothing_to_change(self._context, current))
            self._answers[entry.index] = replace(_answer(200, current, ()), kept=True)
            return None
        self._warnings[entry.index] = parsed.warnings
        refuse_unknown(self._work.unknown, parsed.resource)
        resource = renamed(parsed.resource, self._settled.names)
        return Draft(definition, resource, current.id, "PATCH", "patch", 200, current)

    def _found(self, entry: Entry) -> Answer:
        """The answer of a conditional create that found what it would have made, and recorded that."""
        found = self._settled.matches[entry.index]
        meta = json.loads(found.content)["meta"]
        version = int(meta["versionId"])
        self._unneeded.append(
            self._context.audit_row(
                "create",
                entry.type,
                found.id,
                status=200,
                version=version,
                patient=found.patient,
                outcome="there already",
            )
        )
        name = f"{entry.type}/{found.id}"
        return Answer(200, name, version, meta["lastUpdated"], found.content, written=True, kept=True)


def _answer(status: int, stored: Stored, warnings: Iterable[Issue]) -> Answer:
    name = f"{stored.type}/{stored.id}"
    return Answer(status, name, stored.version, instant(stored.updated), stored.content, tuple(warnings), written=True)
