"""$validate: what a write would say, without the write. https://hl7.org/fhir/R4/resource-operation-validate.html

With a mode, the write is done and undone: what is judged is what would be stored, among all that is stored.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.errors import FhirError, Gone, InsufficientScope, Issue, NotFound, Unavailable
from app.fhir.outcome import all_ok, operation_outcome
from app.fhir.parse import parse
from app.fhir.published.conformance import conforms
from app.fhir.validation import Validation, read_validation
from app.interactions.delete import delete_locked
from app.interactions.update import Update, check_id, next_version
from app.record import narrowed
from app.record.audited import Answered, read_audited
from app.record.context import Context
from app.record.preconditions import Match
from app.record.stamp import new_id
from app.record.write import Draft, retrying, unverified_holder, write
from app.security.permission import permitted, require
from app.security.scopes import Interaction, Scope
from app.storage import resources
from app.storage.pool import Connection

# Which version is meant is not the question.
WHATEVER: Final = Match(anything=True)
# What a trial needs is what the write would need: its answer tells as much.
_LETTERS: Final[dict[str, Interaction]] = {"create": "c", "update": "u", "delete": "d"}


@dataclass(frozen=True, slots=True)
class Trial:
    """A write to be tried: of a resource of this type, under this id ("" when there is none)."""

    definition: ResourceDefinition
    id: str
    resource: Any


Attempt = Callable[[Context, Connection, Trial], Awaitable[Sequence[Issue]]]


async def validate(
    context: Context, definition: ResourceDefinition, id_: str, body: bytes | None, pairs: Sequence[tuple[str, str]]
) -> list[Issue]:
    """All that a write of the resource would be refused for, and warned of; nothing when all is well.

    `id_` names a stored resource, '' none; without a body it is that one that is looked at. Raises BadRequest for a
    question that cannot be understood, NotFound, Gone, InsufficientScope, Unavailable.
    """
    async with read_audited(context, "validate", definition.type, id_) as answered:
        asked = read_validation(body, pairs, has_id=bool(id_))
        if asked.mode in _LETTERS:
            require(context.caller.scopes, Scope(definition.type, _LETTERS[asked.mode]), "A trial tells what is there.")
        resource = asked.resource
        if resource is None and asked.mode != "delete":
            resource = await _stored(context, definition, id_, answered)
        trial = Trial(definition, id_, resource)
        return await _tried(context, trial, asked) + _profiled(context, trial, asked)


def told(found: Sequence[Issue]) -> dict[str, Any]:
    """What was found as an OperationOutcome."""
    return operation_outcome(found) if found else all_ok("All OK: nothing was found, and nothing was stored.")


async def _stored(context: Context, definition: ResourceDefinition, id_: str, answered: Answered) -> Any:
    allowed = permitted(context.caller.scopes, "read", definition.type)
    async with context.connection() as connection:
        found = await resources.read(connection, definition.type, id_, context.visibility)
    stored = narrowed.seen(allowed, definition, found)
    if stored is None:
        raise NotFound(f"There is no {definition.type}/{id_}.")
    answered.version, answered.patient = stored.version, stored.patient
    if stored.content is None:
        raise Gone(f"{definition.type}/{id_} was deleted.")
    return json.loads(stored.content)


async def _tried(context: Context, trial: Trial, asked: Validation) -> list[Issue]:
    """What the write says, or, without one, what is wrong with the resource itself."""
    if asked.mode not in _LETTERS:
        return _refusals(lambda: parse(json.dumps(trial.resource), trial.definition, context.rules).warnings)
    attempt = _ATTEMPTS[asked.mode]
    try:
        return list(await retrying(lambda: _undone(context, attempt, trial)))
    except (Unavailable, InsufficientScope):
        raise
    except FhirError as refusal:
        return list(refusal.issues)


async def _undone(context: Context, attempt: Attempt, trial: Trial) -> Sequence[Issue]:
    """The warnings of a write whose transaction is rolled back."""
    async with context.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            return await attempt(context, connection, trial)
        finally:
            await transaction.rollback()


def _refusals(check: Callable[[], Sequence[Issue]]) -> list[Issue]:
    try:
        return list(check())
    except FhirError as refusal:
        return list(refusal.issues)


async def _create(context: Context, connection: Connection, trial: Trial) -> Sequence[Issue]:
    parsed = parse(json.dumps(trial.resource), trial.definition, context.rules, new=True)
    draft = Draft(trial.definition, parsed.resource, new_id(), "POST", "create", 201)
    await write(context, connection, await unverified_holder(context, connection, draft))
    return (*parsed.warnings, *draft.warnings)


async def _update(context: Context, connection: Connection, trial: Trial) -> Sequence[Issue]:
    parsed = parse(json.dumps(trial.resource), trial.definition, context.rules)
    id_ = trial.id or parsed.resource.get("id", "")
    check_id(trial.definition, id_, parsed.resource)
    existing = await resources.lock(connection, trial.definition.type, id_, context.visibility)
    there = existing is not None and existing.content is not None
    draft = next_version(
        context, trial.definition, Update(id_, if_match=WHATEVER if there else None), parsed.resource, existing
    )
    await write(context, connection, draft)
    return (*parsed.warnings, *draft.warnings)


async def _delete(context: Context, connection: Connection, trial: Trial) -> Sequence[Issue]:
    type_ = trial.definition.type
    stored = await resources.lock_to_delete(connection, type_, trial.id, context.visibility)
    if stored is None or stored.content is None:
        raise NotFound(f"There is no {type_}/{trial.id}.")
    await delete_locked(context, connection, trial.definition, trial.id, stored, WHATEVER)
    return ()


_ATTEMPTS: Final[dict[str, Attempt]] = {
    "create": _create,
    "update": _update,
    "delete": _delete,
}


def _profiled(context: Context, trial: Trial, asked: Validation) -> list[Issue]:
    """What is wrong by the profile, of a resource that is sound enough to be looked at."""
    if not asked.profile or not isinstance(trial.resource, dict):
        return []
    try:
        parsed = parse(json.dumps(trial.resource), trial.definition, context.rules, new=asked.mode == "create")
    except FhirError:
        return []
    return conforms(parsed.resource, asked.profile)
