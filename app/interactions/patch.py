"""patch: https://hl7.org/fhir/R4/http.html#patch

Read, patched and stored in one transaction in which nobody else changes the resource: no patch undoes another.
"""

from dataclasses import dataclass

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import Forbidden, Gone, NotFound
from app.fhir.parse import Parsed, check_writable, parse
from app.fhir.patch import Patch
from app.fhir.patch.patched import patched
from app.fhir.patch.reading import read_patch
from app.interactions.result import Result
from app.record.audited import write_audited
from app.record.context import Context
from app.record.preconditions import Match, check_match
from app.record.transition import check_transition
from app.record.write import Draft, retrying, write
from app.storage import audit, resources
from app.storage.audit import AuditRow
from app.storage.pool import Connection
from app.storage.resources import Stored


@dataclass(frozen=True, slots=True)
class PatchRequest:
    """A PATCH: its body is a patch of this media type, `if_match` the parsed header."""

    id: str
    body: bytes
    media_type: str
    if_match: Match | None = None


async def patch(context: Context, definition: ResourceDefinition, request: PatchRequest) -> Result:
    """Changes a part of the resource; what comes of it is judged like an update.

    Raises BadRequest, NotFound, Gone, Conflict, PreconditionFailed (stale If-Match), Invalid when the patch does not
    fit or its result is against a rule, Unavailable.
    """
    async with write_audited(context, "patch", definition.type, request.id):
        check_writable(definition, request.id)
        change = read_patch(request.media_type, request.body)

        async def work() -> Result:
            async with context.transaction() as connection:
                return await patch_within(context, connection, definition, request.id, change, request.if_match)

        return await retrying(work)


async def patch_within(
    context: Context,
    connection: Connection,
    definition: ResourceDefinition,
    id_: str,
    change: Patch,
    if_match: Match | None = None,
) -> Result:
    """As `patch`, within the caller's transaction. A patch that changes nothing makes no version."""
    current = there(await resources.lock(connection, definition.type, id_, context.visibility), definition, id_)
    parsed = patched_version(context, definition, current, change, if_match)
    if parsed is None:
        await audit.record(connection, [nothing_to_change(context, current)])
        return Result(current, kept=True)
    draft = Draft(definition, parsed.resource, id_, "PATCH", "patch", 200, current)
    stored = await write(context, connection, draft)
    return Result(stored, warnings=(*parsed.warnings, *draft.warnings))


def there(stored: Stored | None, definition: ResourceDefinition, id_: str) -> Stored:
    """The locked row to patch. Raises NotFound, Gone, Forbidden when the caller may not see all of it."""
    if stored is None:
        raise NotFound(f"There is no {definition.type}/{id_}.")
    if stored.masked:  # a patch tells what stands there
        raise Forbidden(f"Parts of {definition.type}/{id_} are not for you, so you cannot patch it.")
    if stored.content is None:
        raise Gone(f"{definition.type}/{id_} was deleted; an update brings it back.")
    return stored


def patched_version(
    context: Context, definition: ResourceDefinition, current: Stored, change: Patch, if_match: Match | None
) -> Parsed | None:
    """What a patch makes of what stands, None when it changes nothing. Raises PreconditionFailed, Invalid."""
    check_match(context, f"{definition.type}/{current.id}", current, if_match)
    assert current.content is not None
    body = patched(current.content, change, context.policy.max_resource_bytes)
    if body is current.content:
        return None
    parsed = parse(body, definition, context.rules)
    check_transition(context, definition, current, parsed.resource)
    return parsed


def nothing_to_change(context: Context, current: Stored) -> AuditRow:
    """The audit row of a patch that made no version."""
    return context.audit_row(
        "patch",
        current.type,
        current.id,
        status=200,
        version=current.version,
        patient=current.patient,
        outcome="nothing to change",
    )
