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
# How a decision was given, who wrote it down, when to ask again, and when it was taken back.
CONSENT_METHOD = f"{_EXTENSION}/consent-method"
CONSENT_RECORDER = f"{_EXTENSION}/consent-recorder"
CONSENT_NEXT_REVIEW = f"{_EXTENSION}/consent-next-review"
CONSENT_WITHDRAWN = f"{_EXTENSION}/consent-withdrawn"


def operation_definition(name: str) -> str:
    """The canonical address of the definition of one of the product's own operations."""
    return f"{BASE}/OperationDefinition/{name}"


def extension(name: str) -> str:
    """The address of one of the product's own extensions."""
    return f"{_EXTENSION}/{name}"


def own_parameter(name: str) -> str:
    """The address of one of the product's own search parameters."""
    return f"{BASE}/SearchParameter/{name}"
