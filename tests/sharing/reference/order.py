"""The bases in layer order, in which the deny of several that comes first is told (section 3)."""

from tests.sharing.reference import bases
from tests.sharing.reference.verdict import Verdict

LAYERS = (
    "recipient-not-linked",
    "resource-not-found",
    "scope-unknown",
    "contact-restricted",
    "third-party-confidence",
    "own-record",
    "refer-own-record",
    "possibly-same-person",
    "refer-deceased",
    "refer-young-person",
    "refer-child",
    "parental-responsibility",
    "uninterpretable-consent",
    "patient-consent",
    *bases.PROXIES,
    "best-interest-refusal",
    "safety-override",
    "statutory-item",
    "patient-refusal",
    "conflicting-consents",
    "consent-withdrawn",
    "consent-expired",
    "given-without-capacity",
    "not-covered",
    "asked-undecided",
    "no-consent-recorded",
    "not-decided-here",
)


def place(verdict: Verdict) -> float:
    place: float = LAYERS.index(verdict.basis)
    wish = verdict.basis == "contact-restricted" and verdict.overridable
    return place + 1.5 if wish else place
