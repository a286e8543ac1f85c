"""$check-sharing: may I tell this person this, now? (the sharing decision, sections 1, 2 and 8)

The question is understood, everything about the patient is read in one round trip, the engine decides, and the audit
row is committed before the answer is given. A deny is an answer, never an error.
"""

from typing import NamedTuple

from app.fhir import json, nhs_number
from app.fhir.errors import Forbidden, NotFound
from app.fhir.links import PatientName
from app.operations.asked import Asked
from app.operations.check_detail import detail
from app.operations.known import Known
from app.operations.shown import shown
from app.operations.understanding import Understood, names, question, understand
from app.record.audited import write_audited
from app.record.context import Context
from app.sharing.answer import EDITION, Answer, Decision
from app.sharing.facts import Facts
from app.sharing.question import Question
from app.storage import audit_commit
from app.storage import facts as storage
from app.storage.audit import AuditRow
from app.storage.facts import Named
from app.storage.pool import Connection


class Checked(NamedTuple):
    """The answers, and the id of the AuditEvent that records them."""

    answers: tuple[Answer, ...]
    audit_event: str
    edition: str = EDITION

    @property
    def decision(self) -> Decision:
        """What the answers come to."""
        return decision(self.answers)


class Decided(NamedTuple):
    """The answers, what they come to, and the audit row that has to be committed before they are given."""

    answers: tuple[Answer, ...]
    decision: Decision
    row: AuditRow


async def check_sharing(context: Context, asked: Asked) -> Checked:
    """The answers to a question. Raises BadRequest naming the parameter, NotFound (no such patient), Unavailable."""
    async with write_audited(context, "check", "Consent"):
        understood = understand(asked, context.rules.now, context.bases)
        async with context.connection() as connection:
            facts = await gather(context, connection, understood.patient, names(understood))
        found = _decided(context, facts, understood)
        [key] = await context.audit_commit.commit([found.row])
        return Checked(found.answers, str(key))


async def check_within(context: Context, connection: Connection, asked: Asked) -> Checked:
    """As `check_sharing`, on what the caller's transaction has written; it is recorded when that commits."""
    understood = understand(asked, context.rules.now, context.bases)
    facts = await gather(context, connection, understood.patient, names(understood))
    found = _decided(context, facts, understood)
    [key] = await audit_commit.insert(connection, [found.row])
    return Checked(found.answers, str(key))


def decision(answers: tuple[Answer, ...]) -> Decision:
    """Permit only if there is at least one answer and every answer permits."""
    return "permit" if {answer.decision for answer in answers} == {"permit"} else "deny"


def recorded(context: Context, known: Known, put: Question, answers: tuple[Answer, ...]) -> Decided:
    """The answers as the caller may see them, and that they were given, to whom, and on what they rest."""
    patient, told = known.facts.patient_key, json.dumps(detail(known, put, answers))
    outcome = decision(answers)
    row = context.audit_row("check", "Patient", patient, status=200, patient=patient, outcome=outcome, detail=told)
    return Decided(shown(answers, known.facts), outcome, row)


async def gather(context: Context, connection: Connection, patient: PatientName, named: Named) -> Facts:
    """Everything that questions about one patient rest on. Raises NotFound when there is no such patient.

    Raises Forbidden for a client that faces a patient or carer: an answer tells of restrictions and of supporters.
    """
    if context.caller.facing != "staff":
        raise Forbidden("What may be shared is told to staff alone.")
    facts = await storage.gather(connection, patient, named, context.policy.sharing, context.bases)
    if facts is None:
        raise NotFound(f"There is no such patient here{_wrong(patient, context)}.")
    return facts


def _wrong(patient: PatientName, context: Context) -> str:
    """A slip of the pen in an NHS number, told as such."""
    if not patient.number or not context.rules.check_nhs_numbers or nhs_number.is_valid(patient.number):
        return ""
    return ": an NHS number is ten digits, the last of them the right check digit, and this is none"


def _decided(context: Context, facts: Facts, understood: Understood) -> Decided:
    known = Known(facts, context.rules.now)
    put = question(understood, facts, known.now)
    return recorded(context, known, put, known.answers(put))
