"""No scope, no audit, no answer: what an interaction takes, and how those that fail or only read are recorded."""

from collections.abc import Collection, Iterable

from app.fhir import json
from app.fhir.errors import FhirError, InsufficientScope
from app.record.context import Context
from app.security.permission import permitted
from app.security.scopes import Allowed
from app.storage import audit
from app.storage.audit import AuditRow
from app.storage.pool import Within


class write_audited:  # noqa: N801  # reads as a statement; a class, since a generator costs several times as much
    """Around a write or check: one that is refused leaves its row, committed before the refusal is answered.

    The row of one that succeeds is part of its own transaction. Raises InsufficientScope.
    """

    __slots__ = ("_asked", "_context")

    def __init__(self, context: Context, interaction: str, type_: str, id_: str = "") -> None:
        self._context = context
        self._asked = (interaction, type_, id_)

    async def __aenter__(self) -> None:
        interaction, type_, _ = self._asked
        try:
            permitted(self._context.caller.scopes, interaction, type_)
            if self._context.provenance is not None:
                permitted(self._context.caller.scopes, "create", "Provenance")
        except InsufficientScope as refusal:
            await self._refused(refusal)
            raise

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception):
            await self._refused(error)

    async def _refused(self, refusal: Exception) -> None:
        row = self._context.audit_row(*self._asked, status=_status(refusal), outcome=_outcome(refusal))
        async with self._context.database.connection(None) as connection:
            await audit.record(connection, [row])


class read_audited:  # noqa: N801  # reads as a statement; a class, as above
    """Around a read or search: nothing is read while the audit queue cannot be written (503).

    Gives what the caller's scopes allow to be seen. Raises InsufficientScope, once that is on record; in a transaction
    that refusal waits to be written as a read does.
    """

    __slots__ = ("_answered", "_asked", "_context", "_query")

    def __init__(self, context: Context, interaction: str, type_: str, id_: str = "", *, query: str = "") -> None:
        self._context = context
        self._asked = (interaction, type_, id_)
        self._query = query
        self._answered = Answered()

    async def __aenter__(self) -> "Answered":
        self._context.audit.check()
        interaction, type_, _ = self._asked
        try:
            self._answered.allowed = permitted(self._context.caller.scopes, interaction, type_)
        except InsufficientScope as refusal:
            await self._refused(refusal)
            raise
        return self._answered

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._context.audit.put(self._recorded(self._answered.status))
        elif isinstance(error, InsufficientScope):
            await self._refused(error)
        elif isinstance(error, Exception):
            self._context.audit.put(self._recorded(_status(error), _outcome(error)))

    async def _refused(self, refusal: InsufficientScope) -> None:
        row = self._recorded(refusal.status, str(refusal))
        if isinstance(self._context.database, Within):  # whoever holds a connection must not wait for another
            self._context.audit.put(row)
        else:
            await self._context.audit_commit.commit([row])

    def _recorded(self, status: int, outcome: str = "") -> AuditRow:
        answered = self._answered
        return self._context.audit_row(
            *self._asked,
            status=status,
            version=answered.version,
            patient=answered.patient,
            outcome=outcome,
            query=self._query,
            detail=json.dumps({"patients": answered.patients}) if answered.patients else None,
        )


class Answered:
    """What a read tells its audit row, and what of the type its caller may see."""

    __slots__ = ("allowed", "patient", "patients", "status", "version")

    def __init__(self) -> None:
        self.allowed = Allowed()
        self.status = 200
        self.version = 0
        self.patient = ""
        self.patients: list[str] = []

    def about(self, shown: Iterable[str], asked: Collection[str] = ()) -> None:
        """Notes the patients whose data was shown, by their keys, and those who were asked for by name.

        With nothing to show there was a look all the same.
        """
        found = sorted({*shown} - {""})
        if len(found) == 1 and len(asked) <= 1:
            self.patient = found[0]
        else:
            self.patients = sorted({*found, *asked})


def _status(refusal: Exception) -> int:
    return refusal.status if isinstance(refusal, FhirError) else 500


def _outcome(refusal: Exception) -> str:
    return str(refusal) if isinstance(refusal, FhirError) else type(refusal).__name__
