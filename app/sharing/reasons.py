"""One sentence for the clinician: why it is so (the sharing decision, section 2).

It never says why a restriction exists, and never names another supporter.
"""

from functools import cache
from typing import Final

_REASONS: Final = {
    "listening": "Listening is always allowed: it tells the other person nothing.",
    "general-information": "General information that is not about this patient may be given to anybody.",
    "recipient-not-linked": "This recipient is not recorded with this patient; if that is wrong, mend the record.",
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
    "parental-responsibility": "Somebody with parental responsibility agrees that this person is {told}.",
    "uninterpretable-consent": "A decision of the patient is recorded in a way that cannot be understood.",
    "patient-consent": "The patient agreed that this recipient may be {told}.",
    "advance-statement": "The patient lacks capacity, and agreed in advance that this person is {told}.",
    "attorney": "The patient lacks capacity, and an attorney for health and welfare lets this person be {told}.",
    "deputy": "The patient lacks capacity, and a court-appointed deputy lets this person be {told}.",
    "best-interest": "The patient lacks capacity; it was found in their best interest that this person is {told}.",
    "best-interest-refusal": "The patient lacks capacity, and those who decide for them refused this.",
    "safety-override": "A named clinician decided that this person is {told} for a limited time, in spite of a deny.",
    "statutory-item": "The law may require that this person is {told}; a clinician has to decide.",
    "patient-refusal": "The patient refused that this recipient is {told}.",
    "conflicting-consents": "What the patient decided at different times about {scope} does not agree.",
    "consent-withdrawn": "The patient withdrew the permission for this person to be {told}.",
    "consent-expired": "The permission for this recipient to be {told} no longer stands.",
    "given-without-capacity": "The permission for {scope} was given while the patient lacked capacity to give it.",
    "not-covered": "The patient permits this person some things; to be {told} is not among them.",
    "asked-undecided": "The patient was asked about this person and has not decided yet.",
    "no-consent-recorded": "Nothing is recorded on whether this person may be {told}; silence is not refusal.",
    "not-decided-here": "Sharing between services for direct care follows your organisation's policy.",
}

# What somebody is told about, by its scope, as it stands in a sentence.
_ABOUT: Final = {
    "service-contact": "contact with the crisis team",
    "make-contact": "making contact",
    "condition-information": "the condition",
    "medication": "medication",
    "care-plan": "the care plan",
    "safety-plan": "the safety plan",
    "relapse-signature": "the relapse signature",
    "risk-to-self": "risk to self",
    "risk-to-others": "risk to others",
    "appointments": "appointments",
    "meetings": "meetings",
    "whereabouts": "the patient's whereabouts",
    "legal-status": "the legal status",
    "substance-use": "substance use",
    "sensitive-history": "the sensitive history",
}


@cache
def reason(basis: str, scope: str) -> str:
    """The sentence for a basis, about a scope ('' when the answer has none)."""
    about = _ABOUT.get(scope, "this")
    told = "contacted by the team" if scope == "make-contact" else f"told about {about}"
    return _REASONS[basis].format(scope=about, told=told)
