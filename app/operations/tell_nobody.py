"""Patient/{id}/$tell-nobody: the patient wants nobody to be told anything (the sharing decision, section 8)."""

from app.fhir import nhs_number
from app.fhir.errors import NotFound
from app.operations import inputs, said
from app.operations.decided import Decided, consent
from app.operations.recorded import Recorded, recorded
from app.operations.writing import Request, create_once, there
from app.record.audited import write_audited
from app.record.context import Context
from app.record.write import retrying
from app.storage import patients, resources
from app.storage.pool import Connection


async def tell_nobody(context: Context, request: Request) -> Recorded:
    """Writes a refusal for anyone and everything, and checks every supporter anew, in one transaction.

    Raises BadRequest, NotFound, Gone (the patient), Invalid, PreconditionFailed, Conflict, Unavailable.
    """
    async with write_audited(context, "tell-nobody", "Patient", request.id):
        given = inputs.read(request.body, said.TOLD, context.rules)
        refusal = said.decided(given, context)
        return await retrying(lambda: _in_transaction(context, request, refusal))


async def _in_transaction(context: Context, request: Request, refusal: Decided) -> Recorded:
    async with context.transaction() as connection:
        key = await _key(context, connection, request.id)
        body = consent(refusal, {"reference": f"Patient/{key}"}, None)
        stored = await create_once(context, connection, body, key, request.if_none_exist)
        return await recorded(context, connection, stored, [])


async def _key(context: Context, connection: Connection, id_: str) -> str:
    """The key of the patient: ten digits are an NHS number, and a Patient that was replaced leads to the other."""
    if nhs_number.has_ten_digits(id_):
        key = await patients.key_of(connection, id_, context.caller.organisation)
        if not key:
            raise NotFound("There is no patient with this NHS number.")
        return key
    person, _ = there(await resources.read(connection, "Patient", id_, context.visibility), f"Patient/{id_}")
    return person.patient
