"""The canonical base of everything the product defines itself: code systems, extensions, operations."""

BASE = "https://fhir.kith.example"

_CODE_SYSTEM = f"{BASE}/CodeSystem"
SHARING_SCOPE = f"{_CODE_SYSTEM}/sharing-scope"
CONSENT_CONDITION = f"{_CODE_SYSTEM}/consent-condition"
SHARING_LABEL = f"{_CODE_SYSTEM}/sharing-label"
CARER_ROLE = f"{_CODE_SYSTEM}/carer-role"
CONTACT_RESTRICTION = f"{_CODE_SYSTEM}/contact-restriction"
LEGAL_BASIS = f"{_CODE_SYSTEM}/legal-basis"

_EXTENSION = f"{BASE}/StructureDefinition"
# An extension of FHIR itself: the supporters that a Flag is about.
FLAG_DETAIL = "http://hl7.org/fhir/StructureDefinition/flag-detail"
# The modifier extensions of Consent, and of its provisions.
NOT_THE_PATIENTS_DECISION = f"{_EXTENSION}/not-the-patients-decision"
CONDITION = f"{_EXTENSION}/consent-condition"


def extension(name: str) -> str:
    """The address of one of the product's own extensions."""
    return f"{_EXTENSION}/{name}"


def own_parameter(name: str) -> str:
    """The address of one of the product's own search parameters."""
    return f"{BASE}/SearchParameter/{name}"
