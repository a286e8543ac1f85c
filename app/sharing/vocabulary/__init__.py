"""The product's own codes, in their order, with what people call them and what they mean (section 9, domain 5).

Doors check questions against these lists, and the CodeSystem resources are made from them.
"""

from typing import Final

from app.sharing.vocabulary.answers import CONSIDERED_WHY, NEXT_ACTION, OBLIGATION, STILL_ALLOWED
from app.sharing.vocabulary.concepts import CodeSystem, Concept
from app.sharing.vocabulary.consents import (
    CAPACITY_VIEW,
    CONSENT_CONDITION,
    CONSENT_METHOD,
    LEGAL_BASIS,
    OVERRIDE_REASON,
    SHARING_LABEL,
)
from app.sharing.vocabulary.decisions import DECISION_BASIS
from app.sharing.vocabulary.people import CARE_TEAM_CATEGORY, CARER_ROLE, CONTACT_RESTRICTION
from app.sharing.vocabulary.scopes import SHARING_SCOPE

__all__ = [
    "ACTIONS", "ALL", "CAPACITY_VIEW", "CARER_ROLE", "CARE_TEAM_CATEGORY", "CONSENT_CONDITION", "CONSENT_METHOD",
    "CONSIDERED_WHY", "CONTACT_RESTRICTION", "CONTENTS", "DECISION_BASIS", "LEGAL_BASIS", "NEXT_ACTION", "OBLIGATION",
    "OVERRIDE_REASON", "SCOPES", "SHARING_LABEL", "SHARING_SCOPE", "STILL_ALLOWED", "CodeSystem", "Concept",
]  # fmt: skip

ALL: Final = (
    SHARING_SCOPE,
    CARER_ROLE,
    CONTACT_RESTRICTION,
    LEGAL_BASIS,
    DECISION_BASIS,
    OBLIGATION,
    NEXT_ACTION,
    STILL_ALLOWED,
    CONSENT_METHOD,
    CONSENT_CONDITION,
    OVERRIDE_REASON,
    CAPACITY_VIEW,
    SHARING_LABEL,
    CARE_TEAM_CATEGORY,
    CONSIDERED_WHY,
)
# What a question may say besides: of actions, contents, and scopes in their order.
ACTIONS: Final = ("disclose", "listen")
CONTENTS: Final = ("specific", "general")
SCOPES: Final = SHARING_SCOPE.codes
