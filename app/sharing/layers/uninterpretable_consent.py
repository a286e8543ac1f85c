"""uninterpretable-consent: what cannot be read may be a refusal (the sharing decision, sections 3 and 6.1)."""

from app.sharing.case import Case
from app.sharing.finding import Finding, held


def uninterpretable_consent(case: Case) -> Finding | None:
    """An active, in-period Consent that cannot be read, unless it is certain that it concerns only others."""
    found = case.heard.uninterpretable
    return held("uninterpretable-consent", statements=found) if found else None
