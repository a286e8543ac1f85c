"""conditional delete: the one resource that criteria find. https://hl7.org/fhir/R4/http.html#3.1.0.7.1"""

from app.fhir.definition import ResourceDefinition
from app.fhir.search.query import Pairs, Query
from app.interactions.delete import delete_locked
from app.record import conditional
from app.record.audited import write_audited
from app.record.context import Context
from app.record.preconditions import Match
from app.record.write import retrying


async def conditional_delete(
    context: Context, definition: ResourceDefinition, criteria: Pairs, if_match: Match | None
) -> int:
    """Deletes the one resource that meets the criteria; answers the version that is the deletion, 0 if none does.

    Raises BadRequest, PreconditionFailed (several matches, stale If-Match), Conflict when it is kept, Unavailable.
    """
    async with write_audited(context, "delete", definition.type):
        asked = conditional.criteria(context, definition, criteria)
        return await retrying(lambda: _in_transaction(context, asked, if_match))


async def _in_transaction(context: Context, asked: Query, if_match: Match | None) -> int:
    definition = asked.definition
    async with context.transaction() as connection:
        found = await conditional.decided(context, connection, asked)
        if found is None:
            return await delete_locked(context, connection, definition, "", None, if_match)
        stored = await conditional.locked(context, connection, found, definition.type, to_delete=True)
        return await delete_locked(context, connection, definition, found.id, stored, if_match)
