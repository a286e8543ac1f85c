"""The codes that a sharing decision speaks in: those of `app.fhir.vocabulary`, and what a question may say besides."""

from typing import Final

from app.fhir.vocabulary import (
    ALL,
    CAPACITY_VIEW,
    CARE_TEAM_CATEGORY,
    CARER_ROLE,
    CONSENT_CONDITION,
    CONSENT_METHOD,
    CONSIDERED_WHY,
    CONTACT_RESTRICTION,
    DECISION_BASIS,
    LEGAL_BASIS,
    NEXT_ACTION,
    OBLIGATION,
    OVERRIDE_REASON,
    SHARING_LABEL,
    SHARING_SCOPE,
    STILL_ALLOWED,
    CodeSystem,
    Concept,
)

__all__ = [
    "ACTIONS", "ALL", "CAPACITY_VIEW", "CARER_ROLE", "CARE_TEAM_CATEGORY", "CONSENT_CONDITION", "CONSENT_METHOD",
    "CONSIDERED_WHY", "CONTACT_RESTRICTION", "CONTENTS", "DECISION_BASIS", "LEGAL_BASIS", "NEXT_ACTION", "OBLIGATION",
    "OVERRIDE_REASON", "SCOPES", "SHARING_LABEL", "SHARING_SCOPE", "STILL_ALLOWED", "CodeSystem", "Concept",
]  # fmt: skip

# Actions, contents, and scopes in their order.
ACTIONS: Final = ("disclose", "listen")
CONTENTS: Final = ("specific", "general")
SCOPES: Final = SHARING_SCOPE.codes
