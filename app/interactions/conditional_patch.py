"""conditional patch: the one resource that criteria find. https://hl7.org/fhir/R4/http.html#patch"""

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import NotFound
from app.fhir.patch import Patch
from app.fhir.patch.reading import read_patch
from app.fhir.search.query import Pairs, Query
from app.interactions.patch import PatchRequest, patch_within
from app.interactions.result import Result
from app.record import conditional
from app.record.audited import write_audited
from app.record.context import Context
from app.record.preconditions import Match
from app.record.write import retrying


async def conditional_patch(
    context: Context, definition: ResourceDefinition, criteria: Pairs, request: PatchRequest
) -> Result:
    """Patches the one resource that meets the criteria.

    Raises BadRequest, NotFound when none does, PreconditionFailed (several matches, stale If-Match), Conflict, Invalid,
    Unavailable.
    """
    async with write_audited(context, "patch", definition.type):
        asked = conditional.criteria(context, definition, criteria)
        change = read_patch(request.media_type, request.body)
        return await retrying(lambda: _in_transaction(context, asked, change, request.if_match))


async def _in_transaction(context: Context, asked: Query, change: Patch, if_match: Match | None) -> Result:
    definition = asked.definition
    async with context.transaction() as connection:
        found = await conditional.decided(context, connection, asked)
        if found is None:
            raise NotFound(f"No {definition.type} meets the criteria.")
        await conditional.locked(context, connection, found, definition.type)
        return await patch_within(context, connection, definition, found.id, change, if_match)
