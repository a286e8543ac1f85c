"""create: https://hl7.org/fhir/R4/http.html#create, and unless it is there: https://hl7.org/fhir/R4/http.html#ccreate"""

from datetime import datetime

from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.parse import Parsed, parse
from app.fhir.search.query import Pairs, Query
from app.interactions.result import Result
from app.record import conditional
from app.record.alone import write_alone
from app.record.audited import write_audited
from app.record.context import Context
from app.record.existing import there_already
from app.record.stamp import new_id
from app.record.write import Draft, retrying, unverified_holder, write
from app.storage.audit import record
from app.storage.pool import Connection
from app.storage.resources import Stored
from app.storage.search import Match


async def create(
    context: Context, definition: ResourceDefinition, body: bytes, if_none_exist: Pairs | None = None
) -> Result:
    """Stores a new resource under an id of the service's choosing; an id in the body is ignored.

    A Patient whose NHS number so far stands for a minimal Patient becomes that Patient's next version. With the
    criteria of `if_none_exist`, the one resource that meets them is answered in its place, if there is one.
    Raises BadRequest, Forbidden, Invalid, Conflict, PreconditionFailed (several meet them), Unavailable.
    """
    async with write_audited(context, "create", definition.type):
        asked = None if if_none_exist is None else conditional.criteria(context, definition, if_none_exist)
        parsed = parse(body, definition, context.rules, new=True)
        draft = Draft(definition, parsed.resource, new_id(), "POST", "create", 201)
        if asked is not None:
            return await retrying(lambda: _unless_there(context, draft, parsed, asked))
        async with context.connection() as connection:
            alone = await write_alone(context, connection, [draft])
        stored = alone[0] if alone else await retrying(lambda: _in_transaction(context, draft))
        return _created(stored, parsed, draft)


async def _in_transaction(context: Context, draft: Draft) -> Stored:
    async with context.transaction() as connection:
        return await write(context, connection, await unverified_holder(context, connection, draft))


async def _unless_there(context: Context, draft: Draft, parsed: Parsed, asked: Query) -> Result:
    async with context.transaction() as connection:
        there = await _there(context, connection, draft, asked)
        if there is not None:
            return Result(there, kept=True)
        stored = await write(context, connection, await unverified_holder(context, connection, draft))
    return _created(stored, parsed, draft)


async def _there(context: Context, connection: Connection, draft: Draft, asked: Query) -> Stored | None:
    """What meets the criteria, and a record of that it did."""
    found = await conditional.decided(context, connection, asked, draft.resource)
    if found is None:
        return None
    there = _stored(found)
    await record(connection, [there_already(context, there)])
    return there


def _stored(found: Match) -> Stored:
    """The version that was found. Others may have changed it since: what they made need not meet the criteria."""
    meta = json.loads(found.content)["meta"]
    updated = datetime.fromisoformat(meta["lastUpdated"])
    return Stored(found.type, found.id, int(meta["versionId"]), updated, found.patient, found.content)


def _created(stored: Stored, parsed: Parsed, draft: Draft) -> Result:
    return Result(stored, created=True, warnings=(*parsed.warnings, *draft.warnings))
