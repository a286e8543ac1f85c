"""The product's own codes, in their order, with what people call them and what they mean (section 9, domain 5).

One list for all: what is written is checked against it, decisions are made with it, doors check questions against it,
and the CodeSystem resources are made from it.
"""

from typing import Final

from app.fhir.vocabulary import contacts, episodes, gaps, indicators, plans, social_map
from app.fhir.vocabulary.answers import CONSIDERED_WHY, NEXT_ACTION, OBLIGATION, STILL_ALLOWED
from app.fhir.vocabulary.concepts import CodeSystem, Concept
from app.fhir.vocabulary.consents import (
    CAPACITY_VIEW,
    CONSENT_CONDITION,
    CONSENT_METHOD,
    LEGAL_BASIS,
    OVERRIDE_REASON,
    SHARING_LABEL,
)
from app.fhir.vocabulary.decisions import DECISION_BASIS
from app.fhir.vocabulary.people import CARE_TEAM_CATEGORY, CARER_ROLE, CONTACT_RESTRICTION
from app.fhir.vocabulary.scopes import SHARING_SCOPE

__all__ = [
    "ALL", "CAPACITY_VIEW", "CARER_ROLE", "CARE_TEAM_CATEGORY", "CONSENT_CONDITION", "CONSENT_METHOD",
    "CONSIDERED_WHY", "CONTACT_RESTRICTION", "DECISION_BASIS", "LEGAL_BASIS", "NEXT_ACTION", "OBLIGATION",
    "OVERRIDE_REASON", "SHARING_LABEL", "SHARING_SCOPE", "STILL_ALLOWED", "CodeSystem", "Concept",
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
    contacts.CONTACT_OUTCOME,
    contacts.COMMUNICATION_CATEGORY,
    contacts.INFORMATION_TOPIC,
    plans.CARE_PLAN_CATEGORY,
    plans.SUPPORTER_ACTIVITY,
    plans.PLAN_ACTIVITY,
    plans.PLAN_STATUS_REASON,
    episodes.PHASE,
    episodes.INVOLVED_BY,
    episodes.END_OF_CARE,
    episodes.ENCOUNTER_TYPE,
    episodes.MEETING_TYPE,
    episodes.TASK_CODE,
    social_map.LIST_CODE,
    social_map.MAP_ENTRY,
    social_map.TIE_CLOSENESS,
    social_map.TIE_EFFECT,
    social_map.TIE_STRENGTH,
    indicators.INDICATOR_GROUP,
    indicators.INDICATOR_EXCLUSION,
    indicators.INDICATOR_UNREADABLE,
    indicators.INDICATOR_FLAG,
    gaps.GAP,
)
