"""delete: https://hl7.org/fhir/R4/http.html#delete"""

from collections.abc import Collection

from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.errors import Conflict
from app.fhir.parse import check_writable
from app.record import naming, patients, telling
from app.record.audited import write_audited
from app.record.context import Context
from app.record.preconditions import Match, check_match
from app.record.write import check_own, check_whole, retrying, write
from app.storage import deletion, resources
from app.storage.pool import Connection
from app.storage.resources import Stored


async def delete(context: Context, definition: ResourceDefinition, id_: str, if_match: Match | None) -> int:
    """Deletes the resource and keeps its history; answers the version that is the deletion, 0 if nothing was there.

    Raises Conflict when it must be kept, PreconditionFailed (stale If-Match), Unavailable.
    """
    async with write_audited(context, "delete", definition.type, id_):
        check_writable(definition, id_)
        return await retrying(lambda: _in_transaction(context, definition, id_, if_match))


async def _in_transaction(context: Context, definition: ResourceDefinition, id_: str, if_match: Match | None) -> int:
    async with context.transaction() as connection:
        stored = await resources.lock_to_delete(connection, definition.type, id_, context.visibility)
        return await delete_locked(context, connection, definition, id_, stored, if_match)


async def delete_locked(
    context: Context,
    connection: Connection,
    definition: ResourceDefinition,
    id_: str,
    stored: Stored | None,
    if_match: Match | None,
) -> int:
    """Deletes what is locked, if it is there and need not be kept; the version of the deletion, 0 for none."""
    current = stored if stored and stored.content is not None else None
    check_match(context, f"{definition.type}/{id_}", current, if_match)
    if stored is None or current is None:
        row = context.audit_row("delete", definition.type, id_, status=204, outcome="nothing to delete")
        await deletion.record_nothing_deleted(connection, row)
        return stored.version if stored else 0
    await check_kept(context, connection, definition, current)
    await check_unused(context, connection, definition, current)
    await resources.forget_keys(connection, current, patients.numbers_of(current))
    return await remove(context, connection, current)


async def remove(context: Context, connection: Connection, current: Stored) -> int:
    """Marks a locked resource as deleted, in a version of its own, which is answered."""
    version = current.version + 1
    audit = context.audit_row("delete", current.type, current.id, status=204)
    await resources.remove(connection, current, version, audit)
    told = telling.told_of_deletion(context, current, version)
    if told:
        await write(context, connection, told)
    return version


async def check_kept(context: Context, connection: Connection, definition: ResourceDefinition, current: Stored) -> None:
    """Raises Conflict for what must be kept for what it is or was, Forbidden for what is another organisation's, or of
    which the caller sees a part.
    """
    check_own(context, current)
    check_whole(current)
    patients.check_deletion(current)
    kept = definition.kept_once
    if kept and any(kept.is_(json.loads(content)) for content in await deletion.versions(connection, current)):
        raise Conflict(
            f"{current.type}/{current.id} was {kept.was} once, so it is kept: {kept.instead}, or mark it "
            "entered-in-error.",
            expression=f"{definition.type}.{kept.element}",
        )


async def check_unused(
    context: Context,
    connection: Connection,
    definition: ResourceDefinition,
    current: Stored,
    going: Collection[int] = (),
) -> None:
    """Raises Conflict for what others refer to now, other than those of the keys `going`, which are deleted with it."""
    name = f"{current.type}/{current.id}"
    users = await deletion.users(connection, current, definition.kept_for, going)
    kept_for = list(users.names) if users and users.forbids else []
    if definition.kept_for and not kept_for:
        kept_for = await naming.once_named(context, connection, current)
    if kept_for:
        raise Conflict(f"{name} is named by {kept_for[0]}, so it is kept: set active to false instead.")
    if context.policy.referential_integrity and users:
        listed = ", ".join(users.names)
        raise Conflict(f"{name} is referred to by {listed}. Change or delete those first.")
