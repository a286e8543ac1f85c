"""One patient, one key: minimal Patients, NHS numbers that must stay unique, and records that join.

A minimal Patient stands for an NHS number that arrived before its Patient did; it is tagged unverified. When the
real Patient comes, the two become one and everything recorded so far is kept under the real one.
"""

from dataclasses import replace
from typing import Any

from app.fhir import json, nhs_number
from app.fhir.canonical import BASE
from app.fhir.errors import Conflict, Invalid
from app.fhir.levels import OPEN
from app.fhir.links import NOBODY, Links, links
from app.fhir.resources import BY_TYPE
from app.fhir.search.keys import extract
from app.record.context import Context
from app.record.stamp import new_id, stamp
from app.storage import patients as rows
from app.storage import resources
from app.storage.patients import Holder
from app.storage.pool import Connection
from app.storage.resources import Change, Stored, Written

UNVERIFIED = {"system": f"{BASE}/CodeSystem/record-status", "code": "unverified"}


def numbers_of(patient: Stored) -> tuple[str, ...]:
    """The NHS numbers that a stored Patient carries; none for other types and deletions."""
    if patient.type != "Patient" or patient.content is None:
        return ()
    return links(json.loads(patient.content), BY_TYPE["Patient"], (), ()).numbers


async def unverified_id(context: Context, connection: Connection, numbers: tuple[str, ...]) -> str:
    """The id of the minimal Patient that holds one of these NHS numbers; empty when none, or when another does."""
    holders = await rows.holders(connection, numbers, context.caller.organisation)
    return holders[0].id if holders and all(is_unverified(holder) for holder in holders) else ""


async def create_unverified(context: Context, connection: Connection, number: str) -> None:
    """Creates a minimal Patient for an NHS number, unless somebody has done so since."""
    id_ = new_id()
    if not await rows.reserve_number(connection, number, id_, context.caller.organisation):
        return
    identifier = {"system": nhs_number.SYSTEM, "value": number}
    patient = {"resourceType": "Patient", "meta": {"tag": [UNVERIFIED]}, "identifier": [identifier]}
    await resources.store(connection, _patient_change(context, id_, 1, patient, "POST"))


async def claim(context: Context, connection: Connection, change: Change) -> Change:
    """Makes the NHS numbers that a Patient newly carries its own; Conflict when a known Patient of its organisation has
    one.

    Numbers of minimal Patients are handed over: those Patients end as replaced by this one. A number that led here
    already, from a Patient that this one replaces, stays.
    """
    holders = await rows.holders(connection, change.new_numbers, change.organisation)
    others = [holder for holder in holders if holder.id != change.id]
    for holder in others:
        if not is_unverified(holder):
            name = f"Patient/{holder.id}" if holder.content else "A Patient that you may not see"
            raise Conflict(
                f"{name} already has this NHS number. Update that Patient instead.",
                code="duplicate",
                expression="Patient.identifier",
            )
    taken = {holder.number for holder in holders}
    for id_ in {holder.id for holder in others}:
        await rows.hand_over(connection, id_, change.id)
        await _end(context, connection, id_, change.id)
    return replace(change, new_numbers=tuple(number for number in change.new_numbers if number not in taken))


async def hold(context: Context, connection: Connection, change: Change) -> None:
    """Before a locked Patient is replaced by another: nobody newly refers to it until that is done.

    The lock of an update lets others refer to its row meanwhile. They would see it as it was before, and what they
    store would stay behind under a key that leads to nobody.
    """
    if change.type == "Patient" and change.links.patient:
        await resources.lock_to_delete(connection, change.type, change.id, context.visibility)


async def settle(connection: Connection, existing: Stored | None, change: Change, written: Written) -> None:
    """After a store: refuses a move to another patient (422), and joins a Patient's record to what replaced it."""
    if existing is None or existing.patient == written.patient or not existing.patient:
        return
    if change.type == "Patient" and existing.patient == existing.id:
        await rows.rekey(connection, existing.patient, written.patient)
        return
    if change.type == "Patient":
        text = "A Patient that was replaced stays so: its record has been joined to the other's."
        raise Invalid(text, expression="Patient.link", code="business-rule", spine="INVALID_UPDATE")
    text = f"This record is of Patient/{existing.patient}; it cannot be moved to another patient."
    raise Invalid(text, expression=change.links.patient.expression, code="business-rule", spine="INVALID_UPDATE")


def check_deletion(patient: Stored) -> None:
    """Raises Conflict for a Patient who was replaced: records that name this one are found through it."""
    if patient.type == "Patient" and patient.patient != patient.id:
        name = f"Patient/{patient.id}"
        raise Conflict(f"{name} was replaced by Patient/{patient.patient}, whose record is found by it; so it is kept.")


def is_unverified(holder: Holder) -> bool:
    """Whether a Patient says no more than its NHS number, as this service makes them when a number comes first."""
    patient = json.loads(holder.content) if holder.content else {}
    tags = patient.get("meta", {}).get("tag", [])
    minimal = patient.keys() <= {"resourceType", "id", "meta", "identifier"}
    return minimal and any(
        tag.get("system") == UNVERIFIED["system"] and tag.get("code") == UNVERIFIED["code"] for tag in tags
    )


async def _end(context: Context, connection: Connection, id_: str, successor: str) -> None:
    """Writes the last version of a minimal Patient: replaced by its successor, and without the number."""
    old = await resources.lock_to_delete(connection, "Patient", id_, context.visibility)
    if old is None:
        raise Conflict(f"Patient/{id_} is changing at this moment; try again.")
    link = [{"other": {"reference": f"Patient/{successor}"}, "type": "replaced-by"}]
    patient = {"resourceType": "Patient", "active": False, "link": link}
    await resources.forget_keys(connection, old)
    ended = _patient_change(context, id_, old.version + 1, patient, "PUT")
    change = replace(ended, existing=old.key, integrity=False, organisation=old.organisation)
    await resources.store(connection, change)
    await rows.rekey(connection, id_, successor)


def _patient_change(context: Context, id_: str, version: int, patient: dict[str, Any], method: str) -> Change:
    definition = BY_TYPE["Patient"]
    updated = context.rules.now.replace(microsecond=context.rules.now.microsecond // 1000 * 1000)
    stamped = stamp(patient, id_, version, updated)
    interaction, status = ("create", 201) if version == 1 else ("update", 200)
    return Change(
        type="Patient",
        id=id_,
        version=version,
        updated=updated,
        content=json.dumps(stamped),
        method=method,
        links=Links(NOBODY),
        keys=extract(stamped, definition, context.bases),
        audit=context.audit_row(interaction, "Patient", id_, status=status),
        organisation=context.caller.organisation,
        level=OPEN,
    )
