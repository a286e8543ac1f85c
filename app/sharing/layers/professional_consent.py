"""not-decided-here: what is left to say about professional recipients (the sharing decision, section 3)."""

from app.sharing.case import Case
from app.sharing.finding import Finding, absolute
from app.sharing.layers.remaining import said_between_services


def professional_consent(case: Case) -> Finding:
    """The patient's refusal where there is one; else sharing between services is not for this service to decide."""
    return said_between_services(case, case.combined) or absolute("not-decided-here")
