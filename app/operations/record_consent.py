"""RelatedPerson/{id}/$record-consent: what the patient decided about telling this supporter (section 8)."""

from typing import Any, Final

from app.fhir import issues
from app.fhir.errors import Invalid
from app.fhir.references import target
from app.operations import inputs, said
from app.operations.decided import consent, replaced
from app.operations.inputs import Given
from app.operations.recorded import Recorded, recorded
from app.operations.writing import CONSENT, Request, create, lock, there, update
from app.record.audited import write_audited
from app.record.context import Context
from app.record.existing import existing
from app.record.write import retrying
from app.security.permission import require
from app.security.scopes import Scope
from app.storage import resources
from app.storage.pool import Connection
from app.storage.resources import Stored

# What never was in force, or is not any more, cannot be replaced.
_REPLACEABLE: Final = ("active", "draft", "proposed", "inactive")


async def record_consent(context: Context, request: Request) -> Recorded:
    """Writes the Consent, ends the one that it replaces, and checks anew: all in one transaction.

    Raises BadRequest, NotFound, Gone (the supporter), Invalid, PreconditionFailed, Conflict, Unavailable.
    """
    async with write_audited(context, "record-consent", "RelatedPerson", request.id):
        given = inputs.read(request.body, said.RECORD_CONSENT, context.rules)
        return await retrying(lambda: _in_transaction(context, request, given))


async def _in_transaction(context: Context, request: Request, given: Given) -> Recorded:
    supporter: dict[str, Any] = {"reference": f"RelatedPerson/{request.id}"}
    body = said.decided(given, context)
    async with context.transaction() as connection:
        found = await resources.read(connection, "RelatedPerson", request.id, context.visibility)
        person, _ = there(found, supporter["reference"])
        if not person.patient:
            raise Invalid("The patient of this supporter is not known here.", expression="RelatedPerson.patient")
        stored = await _existing(context, connection, request, person.patient)
        if stored is None:
            await _replace(context, connection, given, person.patient)
            patient = {"reference": f"Patient/{person.patient}"}
            stored = await create(context, connection, consent(body, patient, supporter))
        return await recorded(context, connection, stored, [supporter])


async def _existing(context: Context, connection: Connection, request: Request, patient: str) -> Stored | None:
    """The Consent about this supporter that If-None-Exist means."""
    if request.if_none_exist is None:
        return None
    criteria = [*request.if_none_exist, ("actor", f"RelatedPerson/{request.id}")]
    return await existing(context, connection, CONSENT, criteria, patient)


async def _replace(context: Context, connection: Connection, given: Given, patient: str) -> None:
    """Makes the Consent that this one replaces inactive. Raises Invalid when there is none of this patient."""
    reference = given.one("replaces")
    if reference is None:
        return
    require(context.caller.scopes, Scope("Consent", "u"))
    named = target(reference.get("reference") or "", context.bases)
    current = await lock(context, connection, named.id) if named and named.type == "Consent" else None
    if current is None or current.content is None or current.patient != patient:
        raise Invalid(issues=(issues.value(given.place("replaces"), "There is no such Consent of this patient."),))
    _, old = there(current, f"Consent/{current.id}")
    if old["status"] not in _REPLACEABLE:
        raise Invalid(issues=(issues.value(given.place("replaces"), f"That Consent is {old['status']}."),))
    if old["status"] != "inactive":
        await update(context, connection, current, replaced(old))
