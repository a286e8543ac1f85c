"""Many questions in one request: what is known of a patient is read once, and the audit rows share one commit."""

from collections.abc import Callable, Sequence

from app.fhir.errors import BadRequest, FhirError, NotFound
from app.operations.alike import Part, Together
from app.operations.asked import Asked
from app.operations.check_sharing import Checked, Decided, recorded
from app.record.audited import write_audited
from app.record.context import Context
from app.storage.audit import AuditRow

# A question that cannot be understood, or whose patient is unknown, is answered by what is wrong with it.
Outcome = Checked | FhirError
Stop = Callable[[bool], bool]


async def check_many(
    context: Context, asked: Sequence[Asked | FhirError], stop: Stop = lambda _: False
) -> list[Outcome]:
    """The outcome of each question, in order, up to the first after which to `stop`; each is as it would be alone.

    `stop` is told whether a question was answered by a permit. Raises Unavailable for all of them.
    """
    async with write_audited(context, "check", "Consent"):
        together = Together(context.rules.now, context.bases)
        parts = [_understood(one, together) for one in asked]
        found: list[Decided | FhirError] = []
        for part in parts:
            outcome = await _decided(context, part)
            found.append(outcome)
            if stop(isinstance(outcome, Decided) and outcome.decision == "permit"):
                break
        return await _committed(context, found)


def _understood(asked: Asked | FhirError, together: Together) -> Part | FhirError:
    if isinstance(asked, FhirError):
        return asked
    try:
        return together.add(asked)
    except BadRequest as refusal:
        return refusal


async def _decided(context: Context, part: Part | FhirError) -> Decided | FhirError:
    if isinstance(part, FhirError):
        return part
    known = await part.alike.shared.known(context)
    if isinstance(known, NotFound):
        return known
    return recorded(context, known, *part.alike.decided(known, part.scopes))


async def _committed(context: Context, found: Sequence[Decided | FhirError]) -> list[Outcome]:
    """Commits a row for each question, refused ones included, before any is answered."""
    rows = [one.row if isinstance(one, Decided) else _refusal(context, one) for one in found]
    keys = await context.audit_commit.commit(rows)
    return [
        Checked(one.answers, str(key)) if isinstance(one, Decided) else one
        for one, key in zip(found, keys, strict=True)
    ]


def _refusal(context: Context, refusal: FhirError) -> AuditRow:
    return context.audit_row("check", "Consent", status=refusal.status, outcome=str(refusal))
