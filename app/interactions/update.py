"""update, and create with an id of the client's choosing: https://hl7.org/fhir/R4/http.html#update"""

from dataclasses import dataclass
from typing import Any

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import BadRequest, PreconditionFailed
from app.fhir.parse import Parsed, check_chosen_id, check_writable, parse
from app.interactions.result import Result
from app.record.audited import write_audited
from app.record.context import Context
from app.record.preconditions import Match, check_match
from app.record.transition import check_transition
from app.record.write import Draft, retrying, write
from app.storage import resources
from app.storage.resources import Stored

CREATED = 201


@dataclass(frozen=True, slots=True)
class Update:
    """A PUT: `if_match` is the parsed header, `only_new` that it carried If-None-Match: *."""

    id: str
    body: bytes = b""
    if_match: Match | None = None
    only_new: bool = False


async def update(context: Context, definition: ResourceDefinition, request: Update) -> Result:
    """Replaces the resource, or creates it under this id; a deleted one comes back with its history.

    Raises BadRequest, PreconditionFailed (stale If-Match), Invalid, Conflict, Unavailable.
    """
    async with write_audited(context, "update", definition.type, request.id):
        check_writable(definition, request.id)
        parsed = parse(request.body, definition, context.rules)
        check_id(definition, request.id, parsed.resource)
        return await retrying(lambda: _in_transaction(context, definition, request, parsed))


async def _in_transaction(context: Context, definition: ResourceDefinition, request: Update, parsed: Parsed) -> Result:
    async with context.transaction() as connection:
        existing = await resources.lock(connection, definition.type, request.id, context.visibility)
        draft = next_version(context, definition, request, parsed.resource, existing)
        stored = await write(context, connection, draft)
    return Result(stored, created=draft.status == CREATED, warnings=(*parsed.warnings, *draft.warnings))


def next_version(
    context: Context, definition: ResourceDefinition, request: Update, resource: dict[str, Any], existing: Stored | None
) -> Draft:
    """The draft of a valid resource in the place of the locked row, if there is one.

    Raises PreconditionFailed, Invalid when what stands may not become this.
    """
    current = existing if existing and existing.content is not None else None
    if request.only_new and current:
        raise PreconditionFailed(f"{definition.type}/{request.id} exists already.")
    check_match(context, f"{definition.type}/{request.id}", current, request.if_match)
    if current:
        check_transition(context, definition, current, resource)
    interaction, status = ("update", 200) if current else ("create", CREATED)
    return Draft(definition, resource, request.id, "PUT", interaction, status, existing)


def check_id(definition: ResourceDefinition, id_: str, resource: dict[str, Any]) -> None:
    """Raises BadRequest unless the resource has this id, and Invalid when nobody may choose it."""
    if "id" not in resource:
        raise BadRequest(
            f"The body has no id; it must be {id_}, as in the URL.",
            expression=f"{definition.type}.id",
            spine="MISSING_VALUE",
        )
    if resource["id"] != id_:
        raise BadRequest(f"The id in the body is not {id_}, the one in the URL.", expression=f"{definition.type}.id")
    check_chosen_id(definition, id_)
