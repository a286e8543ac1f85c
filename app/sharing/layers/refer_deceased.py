"""refer-deceased: the patient has died (the sharing decision, section 3)."""

from app.sharing.case import Case
from app.sharing.finding import Finding, held


def refer_deceased(case: Case) -> Finding | None:
    """From the first instant of the recorded time of death a clinician decides."""
    died = [version for version, since in case.now.view.deaths if since <= case.at]
    return held("refer-deceased", *died) if died else None
