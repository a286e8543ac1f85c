"""Codes compared with their system, in either spelling of terminology.hl7.org; and the codes that rules are about.

https://hl7.org/fhir/R4/datatypes.html#Coding
"""

from typing import Any, Final

from app.fhir.vocabulary import CONSENT_CONDITION, SHARING_SCOPE

CONSENT_SCOPE: Final = "http://terminology.hl7.org/CodeSystem/consentscope"
PARTICIPATION_TYPE: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
ROLE_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
RESOURCE_TYPE: Final = "http://hl7.org/fhir/resource-types"

SHARING_SCOPES: Final = frozenset(SHARING_SCOPE.codes)
CONSENT_CONDITIONS: Final = frozenset(CONSENT_CONDITION.codes)

_HTTPS: Final = "https://terminology.hl7.org/"


def normal_system(system: str) -> str:
    """The system in the spelling that HL7 defines (http): the Validated Relationships Service sends https."""
    return f"http://terminology.hl7.org/{system.removeprefix(_HTTPS)}" if system.startswith(_HTTPS) else system


def key(coding: dict[str, Any]) -> tuple[str, str]:
    """System and code of a Coding, to compare; "" for what is absent."""
    return normal_system(coding.get("system", "")), coding.get("code", "")


def has(concept: dict[str, Any], system: str, code: str) -> bool:
    """Whether a CodeableConcept holds this code of this system."""
    return any(key(coding) == (system, code) for coding in concept.get("coding", ()))
