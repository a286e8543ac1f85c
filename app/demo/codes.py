"""The code systems that the demo writes, and the elements made from them."""

from typing import Any

from app.fhir.canonical import BASE

SNOMED = "http://snomed.info/sct"
ROLE_CODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
CONTACT_ROLE = "http://terminology.hl7.org/CodeSystem/v2-0131"
CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
CONSENT_ACTION = "http://terminology.hl7.org/CodeSystem/consentaction"
UK_CORE_RELATIONSHIP = "https://fhir.hl7.org.uk/CodeSystem/UKCore-AdditionalPersonRelationshipRole"
PROXY_LEGAL_BASIS = "https://fhir.nhs.uk/England/CodeSystem/England-NHSProxyLegalBasis"
ID = "https://fhir.nhs.uk/Id/"

CRISIS_TEAM = (SNOMED, "92151000000102", "Crisis resolution team")
HOME_TREATMENT = (SNOMED, "92221000000103", "Home treatment team")
CRISIS_PLAN = (SNOMED, "736253002", "Mental health crisis plan")

Code = tuple[str, str, str]

# How the electronic record of the made-up trust marks them: a code of its own, for KITH_SUICIDALITY_CODES.
SUICIDAL: Code = ("https://northbeck.example.org/CodeSystem/alert", "suicidal-thoughts", "Suicidal thoughts")
SUICIDALITY_CODES = "|".join(SUICIDAL[:2])


def own(name: str) -> str:
    """The address of one of the product's own code systems."""
    return f"{BASE}/CodeSystem/{name}"


def extension(name: str, **value: Any) -> dict[str, Any]:
    """One of the product's own extensions, with its `value...` (or `extension`) member."""
    return {"url": f"{BASE}/StructureDefinition/{name}", **value}


def coding(code: Code) -> dict[str, Any]:
    """A Coding of (system, code, display); without display when that is empty."""
    system, value, display = code
    return {"system": system, "code": value} | ({"display": display} if display else {})


def concept(*codes: Code, text: str = "") -> dict[str, Any]:
    """A CodeableConcept of these codes, and the words somebody wrote."""
    body: dict[str, Any] = {}
    if codes:
        body["coding"] = [coding(code) for code in codes]
    if text:
        body["text"] = text
    return body


def identifier(system: str, value: str) -> dict[str, Any]:
    """An Identifier of one of the national systems, `system` being the last part of its address."""
    return {"system": ID + system, "value": value}


def profile(name: str) -> dict[str, Any]:
    """The meta of a resource made to a UK Core profile."""
    return {"profile": [f"https://fhir.hl7.org.uk/StructureDefinition/UKCore-{name}"]}
