"""$check-sharing: may I tell this person this, now? (the sharing decision, sections 1, 2 and 8)

The question is understood, everything about the patient is read in one round trip, the engine decides, and the audit
row is committed before the answer is given. A deny is an answer, never an error.
"""

from dataclasses import dataclass, replace

from app.fhir import json
from app.fhir.errors import NotFound
from app.operations.asked import Asked
from app.operations.check_detail import detail, newest
from app.operations.understanding import Understood, names, question, understand
from app.record.audited import write_audited
from app.record.context import Context
from app.sharing.answer import EDITION, Answer
from app.sharing.decide import decide
from app.sharing.facts import Facts
from app.storage import facts as storage


@dataclass(frozen=True, slots=True)
class Checked:
    """The answers, and the id of the AuditEvent that records them."""

    answers: tuple[Answer, ...]
    audit_event: str
    edition: str = EDITION

    @property
    def decision(self) -> str:
        """Permit only if there is at least one answer and every answer permits."""
        return "permit" if self.answers and all(answer.decision == "permit" for answer in self.answers) else "deny"


async def check_sharing(context: Context, asked: Asked) -> Checked:
    """The answers to a question. Raises BadRequest naming the parameter, NotFound (no such patient), Unavailable."""
    async with write_audited(context, "check", "Consent"):
        understood = understand(asked, context.rules.now, context.bases)
        facts = await _facts(context, understood)
        # A version that was committed is answered from, though the clock of the process that wrote it be ahead of ours.
        now = max(context.rules.now, newest(facts))
        put = question(understood, facts)
        put = put if asked.at else replace(put, at=now)
        answers = decide(facts, put, now)
        return Checked(answers, await _recorded(context, facts, answers, detail(facts, put, now, answers)))


async def _facts(context: Context, understood: Understood) -> Facts:
    async with context.database.connection() as connection:
        facts = await storage.gather(
            connection, understood.patient, names(understood), context.policy.sharing, context.bases
        )
    if facts is None:
        raise NotFound("There is no such patient here.")
    return facts


async def _recorded(context: Context, facts: Facts, answers: tuple[Answer, ...], told: dict[str, object]) -> str:
    """Commits the audit row: what was asked and answered, and the versions that it rests on."""
    decisions = {answer.decision for answer in answers}
    outcome = "permit" if decisions == {"permit"} else "deny"
    row = context.audit_row(
        "check", "Patient", facts.patient_key, status=200, patient=facts.patient_key, outcome=outcome
    )
    return str(await context.audit_commit.commit(row, json.dumps(told)))
