"""No scope, no audit, no answer: what an interaction takes, and how those that fail or only read are recorded."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.fhir.errors import FhirError, InsufficientScope
from app.record.context import Context
from app.security.permission import permitted
from app.security.scopes import Allowed
from app.storage import audit
from app.storage.audit import AuditRow


@asynccontextmanager
async def write_audited(context: Context, interaction: str, type_: str, id_: str = "") -> AsyncIterator[None]:
    """Around a write or check: one that is refused leaves its row, committed before the refusal is answered.

    The row of one that succeeds is part of its own transaction. Raises InsufficientScope.
    """
    try:
        permitted(context.caller.scopes, interaction, type_)
        yield
    except Exception as refusal:
        row = context.audit_row(interaction, type_, id_, status=_status(refusal), outcome=_outcome(refusal))
        async with context.database.connection() as connection:
            await audit.record(connection, [row])
        raise


@asynccontextmanager
async def read_audited(
    context: Context, interaction: str, type_: str, id_: str = "", *, query: str = ""
) -> AsyncIterator["Answered"]:
    """Around a read or search: nothing is read while the audit queue cannot be written (503).

    Gives what the caller's scopes allow to be seen. Raises InsufficientScope, once that is on record.
    """
    context.audit.check()
    answered = Answered()

    def recorded(status: int, outcome: str = "") -> AuditRow:
        return context.audit_row(
            interaction,
            type_,
            id_,
            status=status,
            version=answered.version,
            patient=answered.patient,
            outcome=outcome,
            query=query,
        )

    try:
        answered.allowed = permitted(context.caller.scopes, interaction, type_)
        yield answered
    except InsufficientScope as refusal:
        await context.audit_commit.commit(recorded(refusal.status, str(refusal)), None)
        raise
    except Exception as refusal:
        context.audit.put(recorded(_status(refusal), _outcome(refusal)))
        raise
    context.audit.put(recorded(answered.status))


class Answered:
    """What a read tells its audit row, and what of the type its caller may see."""

    __slots__ = ("allowed", "patient", "status", "version")

    def __init__(self) -> None:
        self.allowed = Allowed()
        self.status = 200
        self.version = 0
        self.patient = ""


def _status(refusal: Exception) -> int:
    return refusal.status if isinstance(refusal, FhirError) else 500


def _outcome(refusal: Exception) -> str:
    return str(refusal) if isinstance(refusal, FhirError) else type(refusal).__name__
