"""Answers in the words of AuthZEN: https://openid.net/specs/authorization-api-1_0.html (section 8)"""

from typing import Any

from app.fhir.errors import FhirError
from app.operations.check_many import Outcome
from app.operations.check_sharing import Checked, decision
from app.record.stamp import instant
from app.sharing.answer import Answer

Json = dict[str, Any]


def evaluation(outcome: Outcome) -> Json:
    """One evaluation: the decision, and why. What could not be evaluated is a deny that says what was wrong."""
    if isinstance(outcome, FhirError):
        return {"decision": False, "context": error(outcome)}
    return {"decision": outcome.decision == "permit", "context": _context(outcome)}


def error(problem: FhirError) -> Json:
    """What was wrong with a request."""
    return {"error": {"status": problem.status, "message": str(problem)}}


def permitted(answers: tuple[Answer, ...]) -> bool:
    """Whether there are answers, and every one permits."""
    return decision(answers) == "permit"


def _context(checked: Checked) -> Json:
    """That of the first deny, or of the first answer when none denies; and all of them when there are several."""
    first = next((answer for answer in checked.answers if answer.decision == "deny"), None)
    shown = first or next(iter(checked.answers), None)
    context = _answer(shown) if shown else {}
    context |= {"auditEvent": f"AuditEvent/{checked.audit_event}", "edition": checked.edition}
    if len(checked.answers) > 1:
        context["answers"] = [{"decision": answer.decision} | _answer(answer) for answer in checked.answers]
    return context


def _answer(answer: Answer) -> Json:
    """One answer; what is empty is left out."""
    told = {
        "recipient": answer.recipient,
        "scope": answer.scope,
        "basis": answer.basis,
        "reason": answer.reason,
        "basedOn": list(answer.based_on),
        "considered": [{"record": each.record, "why": each.why} for each in answer.considered],
        "obligations": list(answer.obligations),
        "stillAllowed": list(answer.still_allowed),
        "nextAction": answer.next_action,
        "reviewDue": answer.review_due,
        "validUntil": instant(answer.valid_until) if answer.valid_until else "",
    }
    return {name: value for name, value in told.items() if value} | {"overridable": answer.overridable}
