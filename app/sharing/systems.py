"""The code systems and extensions that a sharing decision reads (the sharing decision, sections 4 and 9)."""

from typing import Final

from app.fhir.canonical import BASE, CONDITION, NOT_THE_PATIENTS_DECISION, SHARING_LABEL, SHARING_SCOPE
from app.fhir.terminology import ACT_CODE, CONFIDENTIALITY, CONSENT_SCOPE, PARTICIPATION_TYPE, RESOURCE_TYPE, ROLE_CODE

__all__ = [
    "ACT_CODE", "ACT_REASON", "CARER_ROLE", "CARE_TEAM_CATEGORY", "CONDITION", "CONFIDENTIALITY", "CONSENT_ACTION",
    "CONSENT_SCOPE", "CONTACT_RESTRICTION", "FLAG_DETAIL", "LEGAL_BASIS", "NOT_THE_PATIENTS_DECISION",
    "PARTICIPATION_TYPE", "PROXY_LEGAL_BASIS", "RESOURCE_TYPE", "ROLE_CODE", "SHARING_LABEL", "SHARING_SCOPE",
    "extension",
]  # fmt: skip

_CODE_SYSTEM: Final = f"{BASE}/CodeSystem"
CARER_ROLE: Final = f"{_CODE_SYSTEM}/carer-role"
CONTACT_RESTRICTION: Final = f"{_CODE_SYSTEM}/contact-restriction"
LEGAL_BASIS: Final = f"{_CODE_SYSTEM}/legal-basis"
CARE_TEAM_CATEGORY: Final = f"{_CODE_SYSTEM}/care-team-category"
PROXY_LEGAL_BASIS: Final = "https://fhir.nhs.uk/England/CodeSystem/England-NHSProxyLegalBasis"
CONSENT_ACTION: Final = "http://terminology.hl7.org/CodeSystem/consentaction"
ACT_REASON: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
FLAG_DETAIL: Final = "http://hl7.org/fhir/StructureDefinition/flag-detail"


def extension(name: str) -> str:
    """The address of one of the product's own extensions."""
    return f"{BASE}/StructureDefinition/{name}"
