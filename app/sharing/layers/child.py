"""child: the patient is under 16 (the sharing decision, section 3).

What a child decided with confirmed competence is left to the layers that follow. A refusal without it is never beaten
by a parent, and refers. Where the child said nothing, a parent's permission counts if it is newer than every no.
"""

from app.sharing.case import Case
from app.sharing.combine import outweighs, yeses_that_count
from app.sharing.counting import Voice, Voices
from app.sharing.finding import Finding, held, permit_by

BASIS = "refer-child"


def child(case: Case) -> Finding | None:
    """The parent's permit, a deny that refers, or None where the child's own decision is for the next layers."""
    if not case.now.is_child:
        return None
    own = case.heard.patient
    unconfirmed = [no for no in own.noes if not no.statement.competent and not _is_beaten(no, own)]
    if unconfirmed:
        return held(BASIS, statements=[no.statement for no in unconfirmed])
    if own.yeses or own.noes:
        return None
    against = [*own.lapsed, *own.rejected, *(one for one in case.heard.uninterpretable if one.has_deny)]
    parents = yeses_that_count(case.heard.parent, against)
    if not parents:
        return held(BASIS)
    if case.heard.uninterpretable:
        return None
    return permit_by(parents, "parental-responsibility", "minimum-necessary", next_action="confirm-with-patient")


def _is_beaten(no: Voice, own: Voices) -> bool:
    """Whether a yes that the child gave with confirmed competence beats this no."""
    return any(outweighs(yes, no) for yes in own.yeses)
