"""Storing one version: stamp it, find its keys and links, resolve its patient, and write it all at once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import asyncpg
from tenacity import AsyncRetrying, RetryError, retry_if_exception_type, stop_after_attempt, wait_random

from app.fhir import json, nhs_number
from app.fhir.bundle.place import placed
from app.fhir.checks.whose import binds, unbound
from app.fhir.errors import Conflict, Forbidden, Invalid, Issue
from app.fhir.levels import STAFF
from app.fhir.links import Links, PatientName, links, patient_parameters
from app.fhir.masking import mask
from app.fhir.resources import BY_TYPE
from app.fhir.resources.provenance import PROVENANCE
from app.record import patients, telling
from app.record.advice import Known, advise
from app.record.context import Context
from app.record.draft import Draft
from app.record.keys import keys
from app.record.protection import check_decider, hide_where, may_tell_where, protect, warn
from app.record.stamp import stamp
from app.security.scopes import RESTRICTIONS
from app.storage import resources
from app.storage.pool import Connection
from app.storage.provenance import hide_about
from app.storage.resources import Change, Stored, Written

__all__ = [
    "Draft",
    "Overtaken",
    "check_own",
    "check_whole",
    "judge",
    "put",
    "refuse_missing",
    "refuse_wrong_number",
    "retrying",
    "stored",
    "unverified_holder",
    "version",
    "write",
]


class Overtaken(Exception):
    """What a write was decided on has changed before it could be locked: the decision is to be made again."""


# What PostgreSQL says when two writers met: the later one starts again and sees what the earlier one did.
COLLISIONS = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError, Overtaken)
ATTEMPTS = 6
T = TypeVar("T")


async def retrying(work: Callable[[], Awaitable[T]]) -> T:
    """Runs `work`, from its very beginning again when it collided with another writer; Conflict when it keeps on."""
    attempts = AsyncRetrying(
        retry=retry_if_exception_type(COLLISIONS), stop=stop_after_attempt(ATTEMPTS), wait=wait_random(0, 0.05)
    )
    taken = False
    try:
        async for attempt in attempts:
            with attempt:
                try:
                    return await work()
                except asyncpg.UniqueViolationError as collision:
                    # Who collides on an id finds it the second time, unless it is of a record that they may not see.
                    if collision.constraint_name == "resource_type_id":
                        if taken:
                            raise _taken() from None
                        taken = True
                    raise
    except RetryError as exhausted:
        raise _busy() from exhausted
    raise _busy()


def _taken() -> Conflict:
    return Conflict("This id cannot be used. Let the service choose one, by POST.", code="duplicate")


def _busy() -> Conflict:
    return Conflict("Others are changing the same resource at this moment; read it and try again.")


async def write(context: Context, connection: Connection, draft: Draft) -> Stored:
    """Stores a draft within the caller's transaction, with a minimal Patient when its patient is not known yet.

    Raises Invalid naming the element when it refers to what does not exist or lacks what the record demands, Forbidden
    when it takes protection away, Conflict when an NHS number is taken. Warnings are left in the draft.
    """
    made, guarded = await put(context, connection, draft, version(context, draft))
    await judge(context, connection, draft, made, guarded=guarded)
    told = telling.told(context, draft, made)
    if told:
        await write(context, connection, told)
    return made


async def put(context: Context, connection: Connection, draft: Draft, change: Change) -> tuple[Stored, bool]:
    """As `write`, before the rest of the record has had its say; and whether the patient restricts or refuses anybody.

    Raises Invalid, Conflict, Forbidden (a record of another organisation).
    """
    if draft.existing:
        check_own(context, draft.existing)
        check_whole(draft.existing)
        gone = set(patients.numbers_of(draft.existing)) - set(change.links.numbers)
        await resources.forget_keys(connection, draft.existing, gone)
        await patients.hold(context, connection, change)
    if change.new_numbers:
        change = await patients.claim(context, connection, change)
    written = await resources.store(connection, change)
    if written.unknown_number:
        refuse_wrong_number(context, change.links.patient)
        await patients.create_unverified(context, connection, change.links.patient.number)
        written = await resources.store(connection, change)
    refuse_missing([draft], [change], [written])
    await patients.settle(connection, draft.existing, change, written)
    return stored(change, written), written.guarded


async def judge(
    context: Context,
    connection: Connection,
    draft: Draft,
    made: Stored,
    *,
    guarded: bool,
    known: Known | None = None,
) -> None:
    """Asks the rest of the record about what was stored in this transaction, and stores what it demands besides.

    Raises Invalid, Forbidden. Warnings are left in the draft. `known` is what others are advised by too.
    """
    if draft.level > context.visibility.level:
        await resources.hide(connection, made.type, made.id, draft.level)
    if guarded and not draft.existing:
        await warn(context, connection, draft, made)
    await advise(context, connection, draft, made, known)
    if draft.definition is PROVENANCE:
        await telling.settle(context, connection, draft, made)
    also = await protect(context, connection, draft, made)
    if also:
        await write(context, connection, also)
    if may_tell_where(draft):
        await hide_where(context, connection, draft, made)
    if draft.level > STAFF and draft.existing:  # what tells of it was perhaps seen before
        await hide_about(connection, made.type, made.id)


def check_own(context: Context, existing: Stored) -> None:
    """Raises Forbidden for a record of another organisation: seeing it is no right to change it."""
    if not context.visibility.owns(existing.organisation):
        name = f"{existing.type}/{existing.id}"
        raise Forbidden(f"{name} is a record of another organisation, which alone may change it.")


def check_whole(existing: Stored) -> None:
    """Raises Forbidden where the caller sees a part of what they would replace or delete."""
    if existing.masked:
        name = f"{existing.type}/{existing.id}"
        said = (
            f"{name} holds more than you may read, and to change it would lose that. It takes the scope {RESTRICTIONS}."
        )
        raise Forbidden(said, expression=existing.type)


def stored(change: Change, written: Written) -> Stored:
    """What now stands in the database."""
    return Stored(
        change.type,
        change.id,
        change.version,
        change.updated,
        written.patient,
        change.content,
        change.method,
        written.key,
    )


def version(context: Context, draft: Draft, *, alone: bool = False) -> Change:
    """The version that a draft makes, with all that is stored beside it. Raises Forbidden, Invalid."""
    check_decider(context, draft)
    definition, existing, rules = draft.definition, draft.existing, context.rules
    updated = rules.now.replace(microsecond=rules.now.microsecond // 1000 * 1000)
    if existing:
        updated = max(updated, existing.updated)
    stamped = stamp(draft.resource, draft.id, draft.version, updated)
    found = links(draft.resource, definition, context.bases, BY_TYPE)
    if not found.patient and binds(draft.resource, rules):
        raise Invalid(issues=(unbound(f"{definition.type}.{definition.patient}"),))
    known = {(definition.type, draft.id), *telling.about(draft, context.bases)}
    wanted = {target: where for target, where in found.wanted.items() if target not in known}
    numbers = set(patients.numbers_of(existing)) if existing else set()
    masked = mask(stamped)
    _refuse_replaced_by_itself(draft, found)
    return Change(
        type=definition.type,
        id=draft.id,
        version=draft.version,
        updated=updated,
        content=json.dumps(stamped),
        mask=json.dumps(masked.shown) if masked else None,
        below=masked.below if masked else None,
        method=draft.method,
        links=replace(found, wanted=wanted),
        keys=keys(stamped, definition, context.bases),
        audit=context.audit_row(draft.interaction, definition.type, draft.id, status=draft.status),
        existing=existing.key if existing else 0,
        organisation=existing.organisation if existing else context.caller.organisation,
        level=min(draft.level, context.visibility.level),
        integrity=context.policy.referential_integrity,
        same_patient=definition.names_supporters,
        one_record=definition.one_record,
        alone=alone,
        new_numbers=tuple(number for number in found.numbers if number not in numbers),
        patient_parameters=patient_parameters(definition),
    )


def _refuse_replaced_by_itself(draft: Draft, found: Links) -> None:
    """Who replaced a Patient is another one, by whatever name: its record would be found by nobody."""
    if draft.definition.type != "Patient" or not found.patient:
        return
    if found.patient.id == draft.id or (not found.patient.id and found.patient.number in found.numbers):
        text = "A Patient is not replaced by itself: name the other one, or leave the link out."
        raise Invalid(text, expression=found.patient.expression, code="business-rule", spine="INVALID_VALUE")


def refuse_missing(drafts: Sequence[Draft], changes: Sequence[Change], written: Sequence[Written]) -> None:
    """Raises Invalid with all that stood in the way of versions, unless they are stored."""
    said = tuple(
        issue
        for draft, change, one in zip(drafts, changes, written, strict=True)
        for issue in (placed(_refusals(change, one), draft.place) if draft.place else _refusals(change, one))
    )
    if said:
        raise Invalid(issues=said)
    if not all(one.key for one in written):  # a patient was named by a number whose Patient vanished meanwhile
        raise Conflict("The patient changed while this was being stored; try again.")


def _refusals(change: Change, written: Written) -> list[Issue]:
    """What stood in the way of a version that was not stored."""
    issues = [_not_found(change.links, target) for target in written.missing]
    issues += [_of_another_patient(change.links, target) for target in written.strangers]
    if written.contradiction:
        text = "The reference and the NHS number beside it are those of two patients."
        issues.append(Issue("business-rule", text, change.links.patient.expression, spine="INVALID_VALUE"))
    return issues


def refuse_wrong_number(context: Context, patient: PatientName) -> None:
    """Raises Invalid for a wrong check digit: nobody has such a number, so no Patient is made of it."""
    if context.rules.check_nhs_numbers and not nhs_number.is_valid(patient.number):
        text = "The patient is named by an NHS number whose check digit is wrong."
        raise Invalid(text, expression=patient.expression, code="value", spine="INVALID_VALUE")


def _not_found(found: Links, target: tuple[str, str]) -> Issue:
    text = f"There is no {target[0]}/{target[1]} here. Store it first, or refer to it by identifier."
    return Issue("not-found", text, found.wanted[target], spine="INVALID_VALUE")


def _of_another_patient(found: Links, target: tuple[str, str]) -> Issue:
    what = "a supporter" if target[0] == "RelatedPerson" else "in the record"
    text = f"{target[0]}/{target[1]} is {what} of another patient."
    return Issue("business-rule", text, found.wanted[target], spine="INVALID_VALUE")


async def unverified_holder(context: Context, connection: Connection, draft: Draft) -> Draft:
    """The draft, aimed at the minimal Patient that so far stands for its NHS number, if there is one."""
    numbers = links(draft.resource, draft.definition, context.bases, BY_TYPE).numbers
    id_ = await patients.unverified_id(context, connection, numbers) if numbers else ""
    if not id_:
        return draft
    existing = await resources.lock(connection, draft.definition.type, id_, context.visibility)
    return replace(draft, id=id_, existing=existing)
