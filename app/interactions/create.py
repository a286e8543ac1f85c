"""create: https://hl7.org/fhir/R4/http.html#create"""

from app.fhir.definition import ResourceDefinition
from app.fhir.parse import parse
from app.interactions.result import Result
from app.record.audited import write_audited
from app.record.context import Context
from app.record.stamp import new_id
from app.record.write import Draft, retrying, unverified_holder, write, write_alone
from app.storage.resources import Stored


async def create(context: Context, definition: ResourceDefinition, body: bytes) -> Result:
    """Stores a new resource under an id of the service's choosing; an id in the body is ignored.

    A Patient whose NHS number so far stands for a minimal Patient becomes that Patient's next version.
    Raises BadRequest, Forbidden, Invalid, Conflict, Unavailable.
    """
    async with write_audited(context, "create", definition.type):
        parsed = parse(body, definition, context.rules, new=True)
        draft = Draft(definition, parsed.resource, new_id(), "POST", "create", 201)
        async with context.connection() as connection:
            stored = await write_alone(context, connection, draft)
        if stored is None:
            stored = await retrying(lambda: _in_transaction(context, draft))
        return Result(stored, created=True, warnings=(*parsed.warnings, *draft.warnings))


async def _in_transaction(context: Context, draft: Draft) -> Stored:
    async with context.transaction() as connection:
        return await write(context, connection, await unverified_holder(context, connection, draft))
