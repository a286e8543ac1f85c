"""What a conditional create finds there already: it is not made a second time, and that it was asked for is on record.

https://hl7.org/fhir/R4/http.html#ccreate, also in the short paths.
"""

from app.fhir.definition import ResourceDefinition
from app.fhir.search.query import Pairs
from app.record import conditional
from app.record.context import Context
from app.storage import audit, resources
from app.storage.audit import AuditRow
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
    if found is None:
        return None
    there = await resources.read(connection, definition.type, found.id, context.visibility)
    if there is not None:
        await audit.record(connection, [there_already(context, there)])
    return there


def there_already(context: Context, there: Stored) -> AuditRow:
    """The audit row of a create that made nothing, since this meets its criteria."""
    return context.audit_row(
        "create",
        there.type,
        there.id,
        status=200,
        version=there.version,
        patient=there.patient,
        outcome="there already",
    )
