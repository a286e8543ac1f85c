"""What the short paths share: finding what they are about, and writing a Consent as create and update do."""

from dataclasses import dataclass
from typing import Any

from app.fhir import json
from app.fhir.errors import Gone, NotFound
from app.fhir.parse import check
from app.fhir.resources import BY_TYPE
from app.fhir.search.query import Pairs
from app.record.context import Context
from app.record.existing import existing
from app.record.stamp import new_id
from app.record.transition import check_transition
from app.record.write import Draft, write
from app.storage import resources
from app.storage.pool import Connection
from app.storage.resources import Stored

CONSENT = BY_TYPE["Consent"]


@dataclass(frozen=True, slots=True)
class Request:
    """A short path as it was asked for: the resource in its path, its body, and the criteria of If-None-Exist."""

    id: str
    body: bytes
    if_none_exist: Pairs | None = None


def there(stored: Stored | None, name: str) -> tuple[Stored, dict[str, Any]]:
    """What was found, with its content. Raises NotFound, or Gone when it was deleted."""
    if stored is None:
        raise NotFound(f"There is no {name}.")
    if stored.content is None:
        raise Gone(f"{name} was deleted; its history is at {name}/_history.")
    return stored, json.loads(stored.content)


async def create(context: Context, connection: Connection, consent: dict[str, Any]) -> Stored:
    """Stores a new Consent, checked as any other is. Raises Invalid, Conflict."""
    parsed = check(consent, CONSENT, context.rules)
    return await write(context, connection, Draft(CONSENT, parsed.resource, new_id(), "POST", "create", 201))


async def create_once(
    context: Context, connection: Connection, consent: dict[str, Any], patient: str, criteria: Pairs | None
) -> Stored:
    """As `create`, unless one that meets the criteria is there."""
    found = None if criteria is None else await existing(context, connection, CONSENT, criteria, patient)
    return found or await create(context, connection, consent)


async def update(context: Context, connection: Connection, current: Stored, consent: dict[str, Any]) -> Stored:
    """Stores the next version of a locked Consent, checked as any other is. Raises Invalid, Conflict."""
    parsed = check(consent, CONSENT, context.rules)
    check_transition(context, CONSENT, current, parsed.resource)
    return await write(context, connection, Draft(CONSENT, parsed.resource, current.id, "PUT", "update", 200, current))


async def lock(context: Context, connection: Connection, id_: str) -> Stored | None:
    """The Consent of this id, which nobody else changes until this transaction ends."""
    return await resources.lock(connection, "Consent", id_, context.visibility)
