"""conditional update: the resource that criteria find is replaced. https://hl7.org/fhir/R4/http.html#cond-update"""

from typing import Any

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import BadRequest, Conflict
from app.fhir.parse import Parsed, check_chosen_id, parse
from app.fhir.search.query import Pairs, Query
from app.interactions.result import Result
from app.interactions.update import CREATED, Update, next_version
from app.record import conditional
from app.record.audited import write_audited
from app.record.context import Context
from app.record.stamp import new_id
from app.record.write import retrying, write
from app.storage import resources
from app.storage.pool import Connection
from app.storage.resources import Stored


async def conditional_update(
    context: Context, definition: ResourceDefinition, criteria: Pairs, request: Update
) -> Result:
    """Replaces the one resource that meets the criteria, or creates one when none does.

    The id in the body, if there is one, must be that of the match; when there is none, it becomes that of the new
    resource. Raises BadRequest, PreconditionFailed (several matches, If-Match), Conflict, Invalid, Unavailable.
    """
    async with write_audited(context, "update", definition.type):
        asked = conditional.criteria(context, definition, criteria)
        parsed = parse(request.body, definition, context.rules)
        if "id" in parsed.resource:
            check_chosen_id(definition, parsed.resource["id"])
        return await retrying(lambda: _in_transaction(context, asked, request, parsed))


async def _in_transaction(context: Context, asked: Query, request: Update, parsed: Parsed) -> Result:
    async with context.transaction() as connection:
        id_, existing = await _meant(context, connection, asked, parsed.resource)
        update = Update(id_, if_match=request.if_match, only_new=request.only_new)
        draft = next_version(context, asked.definition, update, parsed.resource, existing)
        stored = await write(context, connection, draft)
    return Result(stored, created=draft.status == CREATED, warnings=(*parsed.warnings, *draft.warnings))


async def _meant(
    context: Context, connection: Connection, asked: Query, resource: dict[str, Any]
) -> tuple[str, Stored | None]:
    """The id to write, and the locked row that it replaces, if there is one."""
    type_, told = asked.definition.type, resource.get("id")
    found = await conditional.decided(context, connection, asked, resource)
    if found is not None:
        if told not in (None, found.id):
            text = "The id in the body is not that of the one resource that meets the criteria."
            raise BadRequest(text, expression=f"{type_}.id")
        return found.id, await conditional.locked(context, connection, found, type_)
    if told is None:
        return new_id(), None
    existing = await resources.lock(connection, type_, told, context.visibility)
    if existing and existing.content is not None:
        raise Conflict(f"{type_}/{told} is there, and does not meet the criteria.", expression=f"{type_}.id")
    return told, existing
