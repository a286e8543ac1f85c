"""contact-restricted: somebody is to be kept away, or asked for no contact (the sharing decision, section 3)."""

from app.sharing.case import Case
from app.sharing.finding import Finding, absolute, held

BASIS = "contact-restricted"


def safeguarding(case: Case) -> Finding | None:
    """no-contact-safeguarding, and no-whereabouts for what it covers: only ending the Flag changes it."""
    flags = [one.version for one in case.restrictions if one.is_absolute(case.scope, case.resource)]
    return absolute(BASIS, *sorted(flags), next_action="refer-to-clinician") if flags else None


def wish(case: Case) -> Finding | None:
    """A wish of the patient or the supporter, or listen-only: a clinician may override it."""
    flags = [one.version for one in case.restrictions if one.is_wish]
    return held(BASIS, *sorted(flags)) if flags else None
