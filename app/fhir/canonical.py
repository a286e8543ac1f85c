"""The canonical base of everything the product defines itself: code systems, extensions, operations."""

BASE = "https://fhir.kith.example"

_CODE_SYSTEM = f"{BASE}/CodeSystem"
SHARING_SCOPE = f"{_CODE_SYSTEM}/sharing-scope"
CONSENT_CONDITION = f"{_CODE_SYSTEM}/consent-condition"
SHARING_LABEL = f"{_CODE_SYSTEM}/sharing-label"

_EXTENSION = f"{BASE}/StructureDefinition"
# The modifier extensions of Consent, and of its provisions.
NOT_THE_PATIENTS_DECISION = f"{_EXTENSION}/not-the-patients-decision"
CONDITION = f"{_EXTENSION}/consent-condition"
