"""advance-statement, attorney, deputy, best-interest: while the patient lacks capacity (section 3).

They follow section 6 among themselves. Against the patient's refusal one counts only if it is newer than every
matching no and says that the refusal was considered.
"""

from app.sharing.case import Case
from app.sharing.combine import combine, is_newer
from app.sharing.counting import Voice, Voices
from app.sharing.finding import Finding, held, permit_by
from app.sharing.statement import SUBSTITUTES


def substitutes(case: Case) -> Finding | None:
    """The permit of the first basis that permits, or a held deny when one of them refuses."""
    if not case.now.lacks_capacity or case.now.is_child:
        return None
    among_themselves = combine(case.heard.substitute)
    if among_themselves.result in ("patient-refusal", "conflicting-consents") and case.heard.substitute.noes:
        return held("best-interest-refusal", statements=among_themselves.deciding)
    standing = [yes for yes in among_themselves.standing if _stands_against_patient(yes, case.heard.patient)]
    if not standing:
        return None
    basis = min((yes.statement.basis for yes in standing), key=SUBSTITUTES.index)
    return permit_by(standing, basis, "minimum-necessary", "re-seek-consent")


def _stands_against_patient(yes: Voice, patient: Voices) -> bool:
    one = yes.statement
    if not all(is_newer(one, other) for other in (*patient.lapsed, *patient.rejected)):
        return False
    return all(one.refusal_considered and is_newer(one, no.statement) for no in patient.noes)
