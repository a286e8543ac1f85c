"""patient-consent: what the patient decided (the sharing decision, section 6)."""

from app.sharing.case import Case
from app.sharing.finding import Finding, permit_by

BASIS = "patient-consent"


def patient_consent(case: Case) -> Finding | None:
    """The permit of the patient's own Consents. Their deny is left to the layers that may still change it."""
    combined = case.combined
    if combined.result != "permit":
        return None
    return permit_by(combined.standing, BASIS)
