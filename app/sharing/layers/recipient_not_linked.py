"""recipient-not-linked: nobody of this record, or no longer (the sharing decision, section 3).

There is one path for somebody unknown and for somebody of another patient, so that the answer tells nothing apart.
"""

from app.sharing.case import Case
from app.sharing.finding import Finding, absolute

BASIS = "recipient-not-linked"


def supporter_not_linked(case: Case) -> Finding | None:
    """A RelatedPerson that is not here, not active, or outside its period."""
    return None if case.now.person(case.recipient) else absolute(BASIS)


def patient_not_linked(case: Case) -> Finding | None:
    """Another Patient than the one whose record this is, or one of whom there is no record at this time."""
    view = case.now.view
    is_known = case.recipient in view.present_patients or view.directory.is_number_of_patient(case.recipient)
    return None if is_known else absolute(BASIS)


def professional_not_linked(case: Case) -> Finding | None:
    """A Practitioner, PractitionerRole or Organization that is not stored or not active."""
    return None if case.recipient in case.now.view.active_professionals else absolute(BASIS)


def team_not_linked(case: Case) -> Finding | None:
    """A CareTeam that is not this patient's, or not active now."""
    team = case.now.view.teams.get(case.recipient)
    return None if team and team.is_current(case.at) else absolute(BASIS)
