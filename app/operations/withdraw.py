"""Consent/{id}/$withdraw: the patient takes a decision back (the sharing decision, section 8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.fhir import issues
from app.fhir.checks.london import earliest
from app.fhir.errors import Invalid
from app.fhir.references import target
from app.fhir.search.date import span
from app.operations import inputs, said
from app.operations.asked import Reference
from app.operations.decided import Decided, withdrawn
from app.operations.inputs import Given
from app.operations.recorded import Recorded, recorded
from app.operations.understanding import MOST
from app.operations.writing import lock, there, update
from app.record.audited import write_audited
from app.record.context import Context
from app.record.preconditions import Match, check_match
from app.record.write import retrying
from app.storage.audit import AuditRow, record
from app.storage.pool import Connection
from app.storage.resources import Stored

# What never was a decision in force cannot be taken back.
_NEVER: Final = ("rejected", "entered-in-error")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A $withdraw as it was asked for: the id of the Consent, the body, the parsed If-Match header."""

    id: str
    body: bytes
    if_match: Match | None = None


async def withdraw(context: Context, request: Withdrawal) -> Recorded:
    """Makes the Consent inactive and checks those it named anew, in one transaction; an inactive one stays as it is.

    Raises BadRequest, NotFound, Gone, Invalid, PreconditionFailed, Conflict, Unavailable.
    """
    async with write_audited(context, "withdraw", "Consent", request.id):
        given = inputs.read(request.body, said.TOLD, context.rules)
        return await retrying(lambda: _in_transaction(context, request, given))


async def _in_transaction(context: Context, request: Withdrawal, given: Given) -> Recorded:
    async with context.transaction() as connection:
        name = f"Consent/{request.id}"
        current, old = there(await lock(context, connection, request.id), name)
        if request.if_match is not None:
            check_match(context, name, current, request.if_match)
        stored = await _withdrawn(context, connection, current, old, given)
        recipients = list(_supporters(old.get("provision", {}), context.bases))
        return await recorded(context, connection, stored, recipients[:MOST])


async def _withdrawn(
    context: Context, connection: Connection, current: Stored, old: dict[str, Any], given: Given
) -> Stored:
    taken_back = said.decided(given, context)
    if old["status"] in _NEVER:
        text = f"Consent/{current.id} is {old['status']}: there is nothing to take back."
        raise Invalid(text, expression="Consent.status", code="business-rule", spine="INVALID_UPDATE")
    if old["status"] == "inactive":
        await record(connection, [_withdrawn_already(context, current)])
        return current
    _check_order(taken_back, old, given)
    return await update(context, connection, current, withdrawn(old, taken_back))


def _withdrawn_already(context: Context, current: Stored) -> AuditRow:
    """The audit row of a withdrawal that made no version."""
    return context.audit_row(
        "update",
        current.type,
        current.id,
        status=200,
        version=current.version,
        patient=current.patient,
        outcome="withdrawn already",
    )


def _check_order(taken_back: Decided, old: dict[str, Any], given: Given) -> None:
    """Raises Invalid for a withdrawal of what had not been decided yet."""
    moment, given_at = span(taken_back.decided), old.get("dateTime")
    if moment and given_at and moment[1] <= earliest(given_at):
        text = f"Parameter decided lies before the decision that is taken back, of {given_at}."
        raise Invalid(issues=(issues.value(given.place("decided"), text),))


def _supporters(provision: dict[str, Any], bases: tuple[str, ...]) -> Iterator[Reference]:
    """The supporters that a provision names, at every level."""
    for actor in provision.get("actor", ()):
        reference = actor.get("reference", {})
        literal = target(reference.get("reference") or "", bases)
        identifier = reference.get("identifier", {})
        if literal and literal.type == "RelatedPerson":
            yield {"reference": f"RelatedPerson/{literal.id}"}
        elif not literal and identifier.get("value") and reference.get("type", "RelatedPerson") == "RelatedPerson":
            yield {"type": "RelatedPerson", "identifier": identifier}
    for nested in provision.get("provision", ()):
        yield from _supporters(nested, bases)
