"""Codings that a Consent is made of: code systems, and the policies it may rest on."""

from app.fhir.canonical import BASE

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
ACTION = f"{TERMINOLOGY}/consentaction"
REASON = f"{TERMINOLOGY}/v3-ActReason"
LEVEL = f"{TERMINOLOGY}/v3-Confidentiality"
SENSITIVITY = f"{TERMINOLOGY}/v3-ActCode"
TYPES = "http://hl7.org/fhir/resource-types"
_PROXY = "https://fhir.nhs.uk/England/CodeSystem/England-NHSProxyLegalBasis"
POLICIES = {
    "optin": (f"{TERMINOLOGY}/v3-ActCode", "OPTIN"),
    "consent": (_PROXY, "consent"),
    "best-interest": (_PROXY, "best-interest"),
    "attorney": (_PROXY, "health-and-welfare-lasting-power-of-attorney"),
    "deputy": (_PROXY, "court-appointed-personal-welfare-deputy"),
    "parental-responsibility": (_PROXY, "parental-responsibility"),
    "advance-statement": (f"{BASE}/CodeSystem/legal-basis", "advance-statement"),
    "safety-override": (f"{BASE}/CodeSystem/legal-basis", "safety-override"),
    "implied": (f"{TERMINOLOGY}/v3-ActCode", "IMPLIED"),
}


def coding(system: str, code: str) -> dict[str, str]:
    return {"system": system, "code": code}


def label(*codes: str) -> list[dict[str, str]]:
    return [coding(LEVEL if len(code) == 1 else SENSITIVITY, code) for code in codes]
