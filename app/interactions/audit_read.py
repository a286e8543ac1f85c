"""read of an AuditEvent: https://hl7.org/fhir/R4/http.html#read"""

from app.fhir import json
from app.fhir.audit_event import Recorded, audit_event
from app.fhir.errors import NotFound
from app.interactions.result import Has, Result, nothing
from app.record.audited import read_audited
from app.record.context import Context
from app.storage import audit_events
from app.storage.resources import Stored

LARGEST = 18  # digits that every key can have


async def audit_read(context: Context, id_: str, has: Has = nothing) -> Result:
    """One AuditEvent, `unchanged` when the reader `has` it. Raises NotFound, Unavailable."""
    async with read_audited(context, "read", "AuditEvent", id_) as answered:
        is_key = id_.isascii() and id_.isdigit() and len(id_) <= LARGEST
        async with context.connection() as connection:
            row = await audit_events.read(connection, int(id_), context.trail) if is_key else None
        if row is None:
            raise NotFound(f"There is no AuditEvent/{id_[:64]}.")
        answered.version, answered.patient = 1, row.patient
        stored = _stored(context, row)
        unchanged = has(stored)
        answered.status = 304 if unchanged else 200
        return Result(stored, unchanged=unchanged)


def _stored(context: Context, row: Recorded) -> Stored:
    content = json.dumps(audit_event(row, context.base_url))
    return Stored("AuditEvent", str(row.key), 1, row.recorded, row.patient, content)
