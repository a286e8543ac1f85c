"""If-None-Exist of the short paths: what a patient's record has already is not made a second time."""

from app.fhir.definition import ResourceDefinition
from app.fhir.search.query import Pairs
from app.record import conditional
from app.record.context import Context
from app.storage import resources
from app.storage.pool import Connection
from app.storage.resources import Stored


async def existing(
    context: Context, connection: Connection, definition: ResourceDefinition, criteria: Pairs, patient: str
) -> Stored | None:
    """The one resource of this patient that meets the criteria, None when none does.

    It is found inside the transaction that would write, and one writer at a time for each patient looks for it.
    Raises BadRequest for criteria that cannot be understood, PreconditionFailed when several resources meet them.
    """
    asked = conditional.criteria(context, definition, [*criteria, ("patient", f"Patient/{patient}")])
    found = await conditional.decided(context, connection, asked)
    return await resources.read(connection, definition.type, found.id, context.visibility) if found else None
