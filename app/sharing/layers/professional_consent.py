"""not-decided-here: what is left to say about professional recipients (the sharing decision, section 3)."""

from app.sharing.case import Case
from app.sharing.combine import combine
from app.sharing.finding import Finding, absolute

_ACTIONS = {"conflicting-consents": "confirm-with-patient", "consent-expired": "ask-patient"}


def professional_consent(case: Case) -> Finding:
    """The patient's refusal where there is one; else sharing between services is not for this service to decide."""
    combined = combine(case.heard.patient)
    if not combined.result:
        return absolute("not-decided-here")
    return Finding("deny", combined.result, combined.deciding, next_action=_ACTIONS.get(combined.result, "none"))
