"""How things stand with telling a supporter, in one word: the states of domain.md, section 1, point 3.

A word is for looking at a map. What may be told now is asked of the sharing decision, each time.
"""

from collections.abc import Sequence
from typing import Final

from app.sharing.answer import Answer

# Without a permit, the first of these bases that there is.
_STATES: Final = {
    "contact-restricted": "restricted",
    "possibly-same-person": "ask a clinician",
    "uninterpretable-consent": "unreadable",
    "patient-refusal": "refused",
    "best-interest-refusal": "refused",
    "conflicting-consents": "unclear",
    "consent-withdrawn": "withdrawn",
    "consent-expired": "expired",
    "asked-undecided": "asked, undecided",
    "no-consent-recorded": "not asked",
}
# This is covered only where it is named, so a yes to all the rest is no limited one.
_NAMED_ONLY: Final = "sensitive-history"


def state(answers: Sequence[Answer]) -> str:
    """The word for what was answered about one supporter over all scopes."""
    bases = {answer.basis for answer in answers}
    if "contact-restricted" in bases:
        return _STATES["contact-restricted"]
    denied = {answer.scope for answer in answers if answer.decision != "permit"}
    if denied <= {_NAMED_ONLY}:
        return "given"
    if len(denied) < len(answers):
        return "given, limited"
    return next((word for basis, word in _STATES.items() if basis in bases), "ask a clinician")
