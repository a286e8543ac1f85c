"""$check-sharing: may I tell this person this, now? (the sharing decision, sections 1, 2 and 8)

The question is understood, everything about the patient is read in one round trip, the engine decides, and the audit
row is committed before the answer is given. A deny is an answer, never an error.
"""

from dataclasses import dataclass

from app.fhir import json
from app.fhir.errors import NotFound
from app.operations.asked import Asked
from app.operations.understanding import Understood, names, question, understand
from app.record.audited import write_audited
from app.record.context import Context
from app.sharing.answer import EDITION, Answer
from app.sharing.decide import decide
from app.sharing.facts import Facts
from app.sharing.question import Question
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
        put = question(understood, facts)
        answers = decide(facts, put, context.rules.now)
        return Checked(answers, await _recorded(context, facts, put, answers))


async def _facts(context: Context, understood: Understood) -> Facts:
    async with context.database.connection() as connection:
        facts = await storage.gather(
            connection, understood.patient, names(understood), context.policy.sharing, context.bases
        )
    if facts is None:
        raise NotFound("There is no such patient here.")
    return facts


async def _recorded(context: Context, facts: Facts, put: Question, answers: tuple[Answer, ...]) -> str:
    """Commits the audit row: what was asked and answered, and the versions that it rests on."""
    decisions = {answer.decision for answer in answers}
    outcome = "permit" if decisions == {"permit"} else "deny"
    row = context.audit_row(
        "check", "Patient", facts.patient_key, status=200, patient=facts.patient_key, outcome=outcome
    )
    return str(await context.audit_commit.commit(row, json.dumps(detail(put, answers))))


def detail(put: Question, answers: tuple[Answer, ...]) -> dict[str, object]:
    """What an AuditEvent tells of a check, and a replay needs."""
    return {
        "edition": EDITION,
        "question": {
            "at": put.at.isoformat(),
            "recipients": put.recipients,
            "scopes": put.scopes,
            "resources": put.resources,
            "action": put.action,
            "content": put.content,
            "purpose": put.purpose,
            "team": put.team,
        },
        "answers": [
            {
                "recipient": answer.recipient,
                "scope": answer.scope,
                "decision": answer.decision,
                "basis": answer.basis,
                "basedOn": answer.based_on,
                "considered": [(record.record, record.why) for record in answer.considered],
            }
            for answer in answers
        ],
    }
