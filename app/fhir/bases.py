"""On what a Consent rests, by its policyRule: the patient's own decision, somebody else's, or nothing known here.

https://hl7.org/fhir/R4/consent-definitions.html#Consent.policyRule
"""

from typing import Any, Final

from app.fhir import terminology
from app.fhir.canonical import LEGAL_BASIS

PROXY_LEGAL_BASIS: Final = "https://fhir.nhs.uk/England/CodeSystem/England-NHSProxyLegalBasis"

OWN: Final = "own"
OTHER: Final = "other"
ADVANCE: Final = "advance-statement"
ATTORNEY: Final = "attorney"
DEPUTY: Final = "deputy"
BEST_INTEREST: Final = "best-interest"
PARENTAL: Final = "parental-responsibility"
SAFETY_OVERRIDE: Final = "safety-override"
# Decisions of others, which no other system may take for the patient's consent.
NOT_THE_PATIENTS: Final = frozenset({BEST_INTEREST, ATTORNEY, DEPUTY, PARENTAL, SAFETY_OVERRIDE})

BASES: Final = {
    (PROXY_LEGAL_BASIS, "consent"): OWN,
    **{(terminology.ACT_CODE, opt): OWN for opt in ("OPTIN", "OPTINR", "OPTOUT", "OPTOUTE")},
    (LEGAL_BASIS, "advance-statement"): ADVANCE,
    (LEGAL_BASIS, "safety-override"): SAFETY_OVERRIDE,
    (PROXY_LEGAL_BASIS, "best-interest"): BEST_INTEREST,
    (PROXY_LEGAL_BASIS, "health-and-welfare-lasting-power-of-attorney"): ATTORNEY,
    (PROXY_LEGAL_BASIS, "court-appointed-personal-welfare-deputy"): DEPUTY,
    (PROXY_LEGAL_BASIS, "parental-responsibility"): PARENTAL,
}
# The role of whoever decides on a basis that is a supporter's.
HOLDERS: Final = {ATTORNEY: "lpa-health-welfare", DEPUTY: "deputy-welfare", PARENTAL: "parental-responsibility"}


def basis(consent: dict[str, Any]) -> str:
    """The basis of a Consent: without policyRule the patient's own, OTHER when its codes do not say one known here."""
    if "policyRule" not in consent:
        return OWN
    named = {BASES.get(terminology.key(coding), OTHER) for coding in consent["policyRule"].get("coding", ())}
    return named.pop() if len(named) == 1 else OTHER
