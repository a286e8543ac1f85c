"""One sentence for the clinician: why it is so (the sharing decision, section 2).

It never says why a restriction exists, and never names another supporter.
"""

from functools import cache
from typing import Final

from app.sharing.vocabulary import SHARING_SCOPE

_REASONS: Final = {
    "listening": "Listening is always allowed: it tells the other person nothing.",
    "general-information": "General information that is not about this patient may be given to anybody.",
    "recipient-not-linked": "This recipient is not recorded as somebody who may be told about this patient.",
    "resource-not-found": "A record that was named is not part of this patient's record.",
    "scope-unknown": "It is not known what a record that was named is about.",
    "contact-restricted": "A contact restriction is in force for this person.",
    "third-party-confidence": "This was told to the team in confidence by somebody else.",
    "own-record": "The patient may know what is in their own record.",
    "refer-own-record": "A clinician has to decide how much of this the patient is told.",
    "possibly-same-person": "This may be the same person as somebody who must not be told; make sure who it is first.",
    "refer-deceased": "The patient has died; a clinician has to decide what may be told.",
    "refer-young-person": "This person is under 18; a clinician has to decide about {scope}.",
    "refer-child": "The patient is under 16; a clinician has to decide about {scope}.",
    "parental-responsibility": "Somebody with parental responsibility agrees that this person is told about {scope}.",
    "uninterpretable-consent": "A decision of the patient is recorded in a way that cannot be understood.",
    "patient-consent": "The patient agreed that this recipient may be told about {scope}.",
    "advance-statement": "The patient lacks capacity, and agreed in advance that this person is told about {scope}.",
    "attorney": "The patient lacks capacity, and an attorney for health and welfare permits telling about {scope}.",
    "deputy": "The patient lacks capacity, and a court-appointed deputy permits telling about {scope}.",
    "best-interest": "The patient lacks capacity, and telling about {scope} was decided to be in their best interest.",
    "best-interest-refusal": "The patient lacks capacity, and those who decide for them refused this.",
    "safety-override": "A named clinician decided to share {scope} for a limited time in spite of a deny.",
    "statutory-item": "The law may require that this person is told about {scope}; a clinician has to decide.",
    "patient-refusal": "The patient refused that this recipient is told about {scope}.",
    "conflicting-consents": "What the patient decided at different times about {scope} does not agree.",
    "consent-withdrawn": "The patient withdrew the permission to tell this person about {scope}.",
    "consent-expired": "The permission to tell this recipient about {scope} no longer stands.",
    "given-without-capacity": "The permission for {scope} was given while the patient lacked capacity to give it.",
    "not-covered": "The patient permits telling this person some things; {scope} is not among them.",
    "asked-undecided": "The patient was asked about this person and has not decided yet.",
    "no-consent-recorded": "Nothing is recorded about telling this person about {scope}; silence is not refusal.",
    "not-decided-here": "Sharing between services for direct care follows your organisation's policy.",
}


@cache
def reason(basis: str, scope: str) -> str:
    """The sentence for a basis, about a scope ('' when the answer has none)."""
    known = SHARING_SCOPE.by_code.get(scope)
    return _REASONS[basis].format(scope=known.display[0].lower() + known.display[1:] if known else "this")
