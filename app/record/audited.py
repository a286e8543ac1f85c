"""No audit, no answer: how interactions that fail or only read leave their audit row."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.fhir.errors import FhirError
from app.record.context import Context
from app.storage import audit
from app.storage.audit import AuditRow


@asynccontextmanager
async def write_audited(context: Context, interaction: str, type_: str, id_: str = "") -> AsyncIterator[None]:
    """Around a write: one that is refused leaves its row, committed before the refusal is answered.

    The row of one that succeeds is part of its own transaction.
    """
    try:
        yield
    except Exception as refusal:
        row = context.audit_row(interaction, type_, id_, status=_status(refusal), outcome=_outcome(refusal))
        async with context.database.connection(None) as connection:
            await audit.record(connection, [row])
        raise


@asynccontextmanager
async def read_audited(
    context: Context, interaction: str, type_: str, id_: str = "", *, query: str = ""
) -> AsyncIterator["Answered"]:
    """Around a read or search: nothing is read while the audit queue cannot be written (503)."""
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
        yield answered
    except Exception as refusal:
        context.audit.put(recorded(_status(refusal), _outcome(refusal)))
        raise
    context.audit.put(recorded(answered.status))


class Answered:
    """What a read tells its audit row."""

    __slots__ = ("patient", "status", "version")

    def __init__(self) -> None:
        self.status = 200
        self.version = 0
        self.patient = ""


def _status(refusal: Exception) -> int:
    return refusal.status if isinstance(refusal, FhirError) else 500


def _outcome(refusal: Exception) -> str:
    return str(refusal) if isinstance(refusal, FhirError) else type(refusal).__name__
