"""vread: https://hl7.org/fhir/R4/http.html#vread"""

import re

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import Gone, NotFound
from app.interactions.result import Has, Result, nothing
from app.record.audited import read_audited
from app.record.context import Context
from app.record.reach import readable
from app.storage import changes, resources

NUMBER = re.compile(r"[1-9][0-9]{0,9}")
LARGEST = 2**31 - 1


async def vread(context: Context, definition: ResourceDefinition, id_: str, version: str, has: Has = nothing) -> Result:
    """One version, `unchanged` when the reader `has` it. Raises NotFound, Gone when it is the deletion, Unavailable."""
    name = f"{definition.type}/{id_}"
    async with read_audited(context, "vread", definition.type, id_) as answered:
        number = int(version) if NUMBER.fullmatch(version) else 0
        if not 0 < number <= LARGEST:
            raise NotFound(f"{name} has no version {version}.")
        async with context.connection() as connection:
            if definition.is_made(id_):  # it was made once and for all
                types = readable(context.caller.scopes) if number == 1 else ()
                stored = await changes.read(connection, id_, types, context.visibility)
            else:
                stored = await resources.vread(connection, definition.type, id_, number, context.visibility)
        if stored is None:
            raise NotFound(f"There is no {name} with a version {version}.")
        answered.version, answered.patient = stored.version, stored.patient
        if stored.content is None:
            raise Gone(f"Version {version} of {name} is its deletion.")
        unchanged = has(stored)
        answered.status = 304 if unchanged else 200
        return Result(stored, unchanged=unchanged)
