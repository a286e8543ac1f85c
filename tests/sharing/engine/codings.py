"""Codings that the provisions of a Consent are made of."""

from tests.sharing.engine.builders import (
    TERMINOLOGY,
)

ACTION = f"{TERMINOLOGY}/consentaction"
REASON = f"{TERMINOLOGY}/v3-ActReason"
LEVEL = f"{TERMINOLOGY}/v3-Confidentiality"
SENSITIVITY = f"{TERMINOLOGY}/v3-ActCode"
TYPES = "http://hl7.org/fhir/resource-types"


def coding(system: str, code: str) -> dict[str, str]:
    return {"system": system, "code": code}


def label(*codes: str) -> list[dict[str, str]]:
    return [coding(LEVEL if len(code) == 1 else SENSITIVITY, code) for code in codes]
