"""Storing many drafts in one transaction: in waves, each of one statement, and judged when all are stored."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.fhir.bundle.order import waves
from app.fhir.bundle.place import named
from app.fhir.errors import Conflict, Invalid, Issue
from app.fhir.links import replaced_by
from app.record import patients, telling
from app.record.advice import Known
from app.record.context import Context
from app.record.draft import Draft
from app.record.write import judge, put, refuse_missing, refuse_wrong_number, stored, version
from app.storage import patients as rows
from app.storage.pool import Connection
from app.storage.resources import Change, Stored, looked_up, reference_rows
from app.storage.together import MOST, store_together

# Up to so many, a statement for each is less work for the database than one for all.
FEW: Final = 3
# So many versions are made before others have their turn at the processor.
AT_ONCE: Final = 20


async def write_together(context: Context, connection: Connection, drafts: Sequence[Draft]) -> list[Stored]:
    """Stores drafts of different resources, which may refer to each other in any way; the versions, in their order.

    Raises what `write` does, with the places of the drafts in the issues.
    """
    changes = await versions(context, drafts)
    storing = _Storing(context, connection, drafts, changes)
    await storing.store()
    known: Known = {}
    for made, guarded, draft in zip(storing.made(), storing.guarded(), drafts, strict=True):
        with named(draft.place):
            await judge(context, connection, draft, made, guarded=guarded, known=known)
    told = [telling.told(context, draft, made) for draft, made in zip(drafts, storing.made(), strict=True)]
    if any(told):
        await write_together(context, connection, [one for one in told if one])
    return storing.made()


async def versions(context: Context, drafts: Sequence[Draft], *, alone: bool = False) -> list[Change]:
    """The versions that drafts make. Raises Forbidden, Invalid with the place of the draft."""
    changes: list[Change] = []
    for draft in drafts:
        with named(draft.place):
            changes.append(version(context, draft, alone=alone))
        if len(changes) % AT_ONCE == 0:
            await asyncio.sleep(0)
    return changes


def guards(one: Stored | Change) -> bool:
    """Whether a version may restrict or refuse somebody (`kith_guards` of the database)."""
    return one.type == "Flag" or (one.type == "Consent" and b'"deny"' in (one.content or b""))


class _Storing:
    """The drafts of one transaction on their way, and what has been stored of them."""

    def __init__(
        self, context: Context, connection: Connection, drafts: Sequence[Draft], changes: Sequence[Change]
    ) -> None:
        self._context = context
        self._connection = connection
        self._drafts = drafts
        self._changes = changes
        self._places = {(draft.definition.type, draft.id): place for place, draft in enumerate(drafts)}
        self._made: dict[int, Stored] = {}
        self._guarded: set[str] = set()

    def made(self) -> list[Stored]:
        return [self._made[place] for place in range(len(self._drafts))]

    def guarded(self) -> list[bool]:
        """Whether each one's patient restricts or refuses anybody, this request included."""
        return [one.type == "RelatedPerson" and one.patient in self._guarded for one in self.made()]

    async def store(self) -> None:
        held = await self._held_numbers()
        for wave in waves(self._needs(), self._rank):
            plain = [place for place in wave if self._is_plain(place, held)]
            plain = plain if len(plain) > FEW else []
            for start in range(0, len(plain), MOST):
                await self._store_plain(plain[start : start + MOST])
            await self._store_each(sorted(set(wave).difference(plain)))

    def _is_plain(self, place: int, held: set[str]) -> bool:
        """Whether a draft is new, and no other Patient has its NHS number."""
        return self._drafts[place].existing is None and held.isdisjoint(self._changes[place].new_numbers)

    async def _held_numbers(self) -> set[str]:
        """Those of the NHS numbers that Patients bring for which there is a Patient already."""
        numbers: dict[str, str] = {}
        for change, draft in zip(self._changes, self._drafts, strict=True):
            for number in change.new_numbers:
                if number in numbers:
                    with named(draft.place):
                        text = f"{numbers[number]} has the same NHS number: they are one Patient."
                        raise Conflict(text, code="duplicate", expression="Patient.identifier")
                numbers[number] = draft.place
        own = self._context.caller.organisation
        held = await rows.holders(self._connection, sorted(numbers), own) if numbers else []
        return {holder.number for holder in held}

    def _needs(self) -> list[set[int]]:
        """The drafts to which each refers, by reference or by the NHS number of a Patient."""
        by_number = {n: place for place, change in enumerate(self._changes) for n in change.links.numbers}
        return [
            {self._places[name] for name in change.links.wanted if name in self._places}
            | (
                {by_number[n] for n in looked_up(change, reference_rows(change)) if n in by_number}
                if by_number
                else set()
            )
            for change in self._changes
        ]

    def _rank(self, place: int) -> int:
        """Who goes first where drafts refer to each other in a circle: those whose record others are kept in."""
        draft = self._drafts[place]
        if replaced_by(draft.resource):
            return 0
        return {"Patient": 1, "RelatedPerson": 2}.get(draft.definition.type, 3)

    def _change(self, place: int) -> Change:
        """The version to store; what it refers to and this request is yet to store needs no looking up."""
        change = self._changes[place]
        wanted = change.links.wanted
        later = tuple(name for name in wanted if name in self._places and self._places[name] not in self._made)
        if not later:
            return change
        sought = {name: where for name, where in wanted.items() if name not in later}
        return replace(change, links=replace(change.links, wanted=sought, later=later))

    async def _store_each(self, places: Sequence[int]) -> None:
        """One by one: what replaces a version, or takes an NHS number from another Patient; or when there are few."""
        said: list[Issue] = []
        for place in places:
            try:
                with named(self._drafts[place].place):
                    made, guarded = await put(self._context, self._connection, self._drafts[place], self._change(place))
                self._keep(place, made, guarded=guarded)
            except Invalid as refusal:  # nothing was stored of it, and others may be wrong too
                said.extend(refusal.issues)
        if said:
            raise Invalid(issues=tuple(said))

    async def _store_plain(self, places: Sequence[int]) -> None:
        """In one statement: what is new."""
        changes = [self._change(place) for place in places]
        written = await store_together(self._connection, changes)
        unknown = [place for place, one in zip(places, written, strict=True) if one.unknown_number]
        if unknown:
            await self._create_unverified(unknown)
            written = await store_together(self._connection, changes)
        refuse_missing([self._drafts[place] for place in places], changes, written)
        for place, change, one in zip(places, changes, written, strict=True):
            self._keep(place, stored(change, one), guarded=one.guarded)

    async def _create_unverified(self, places: Sequence[int]) -> None:
        """Makes the minimal Patients of NHS numbers that are not known yet, in one order whoever makes them."""
        for place in places:
            with named(self._drafts[place].place):
                refuse_wrong_number(self._context, self._changes[place].links.patient)
        for number in sorted({self._changes[place].links.patient.number for place in places}):
            await patients.create_unverified(self._context, self._connection, number)

    def _keep(self, place: int, made: Stored, *, guarded: bool) -> None:
        self._made[place] = made
        if made.patient and (guarded or guards(made)):
            self._guarded.add(made.patient)
