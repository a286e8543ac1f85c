"""read: https://hl7.org/fhir/R4/http.html#read"""

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import Gone, NotFound
from app.interactions.result import Has, Result, nothing
from app.record import narrowed
from app.record.audited import read_audited
from app.record.context import Context
from app.record.reach import readable
from app.storage import changes, resources


async def read(context: Context, definition: ResourceDefinition, id_: str, has: Has = nothing) -> Result:
    """The current version, `unchanged` when the reader `has` it. Raises NotFound, Gone (deleted), Unavailable."""
    async with read_audited(context, "read", definition.type, id_) as answered:
        async with context.connection() as connection:
            if definition.is_made(id_):
                found = await changes.read(connection, id_, readable(context.caller.scopes), context.visibility)
            else:
                found = await resources.read(connection, definition.type, id_, context.visibility)
        stored = narrowed.seen(answered.allowed, definition, found)
        if stored is None:
            raise NotFound(f"There is no {definition.type}/{id_}.")
        answered.version, answered.patient = stored.version, stored.patient
        if stored.content is None:
            raise Gone(f"{definition.type}/{id_} was deleted; its history is at {definition.type}/{id_}/_history.")
        unchanged = has(stored)
        answered.status = 304 if unchanged else 200
        return Result(stored, unchanged=unchanged)
