"""Who was named by a decision that was in force once: a version of it may still be asked what it said about him."""

from typing import Any

from app.fhir.links import PatientName
from app.fhir.references import references
from app.record.context import Context
from app.sharing.directory import Directory
from app.sharing.facts import Record
from app.sharing.times import FOREVER
from app.storage.deletion import UNSEEN
from app.storage.facts import Named, gather
from app.storage.pool import Connection
from app.storage.resources import Stored


async def once_named(context: Context, connection: Connection, supporter: Stored) -> list[str]:
    """The Consents and Flags of the patient that were ever active and name a locked supporter in any version.

    Those that the caller may not see are not named.
    """
    patient = PatientName(id=supporter.patient)
    facts = await gather(connection, patient, Named(), context.policy.sharing, context.bases, supporter.patient)
    if facts is None:
        return []
    directory, name = Directory(facts, FOREVER), f"{supporter.type}/{supporter.id}"
    return [
        UNSEEN if record.reference in facts.unseen else record.reference
        for record in (*facts.consents, *facts.flags)
        if _was_active(record) and any(directory.find(element).reference == name for element in _named(record))
    ]


def _was_active(record: Record) -> bool:
    return any(version.content is not None and version.content.get("status") == "active" for version in record.versions)


def _named(record: Record) -> list[dict[str, Any]]:
    contents = (dict(version.content) for version in record.versions if version.content is not None)
    return [found.element for content in contents for found in references(content)]
