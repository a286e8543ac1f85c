"""What an episode of crisis care is, and whether it is open: one rule for indicators, worklists and what is owed.

An EpisodeOfCare, or a plan of crisis home treatment. https://hl7.org/fhir/R4/episodeofcare.html
"""

from typing import Final

from app.fhir.resources.episode_of_care import EPISODE_OF_CARE
from app.fhir.search import token
from app.fhir.vocabulary.plans import CARE_PLAN_CATEGORY
from app.fhir.words import words
from app.sharing.reading import Code, Json, codes, objects

SNOMED: Final = "http://snomed.info/sct"
HOME_TREATMENT: Final = "crisis-home-treatment"
_HOME_TREATMENT: Final = (CARE_PLAN_CATEGORY.url, HOME_TREATMENT)
# The care of a crisis resolution or home treatment team.
CRISIS_TYPES: Final[tuple[Code, ...]] = ((SNOMED, "92151000000102"), (SNOMED, "92221000000103"), _HOME_TREATMENT)
INTENTS: Final = words("plan order")
# Begun and not ended. On hold, for days in hospital say, it goes on, and so does what supporters are owed.
OPEN_CARE: Final = ("active", "onhold")
OPEN_PLAN: Final = ("active", "on-hold")
_NOT_ACCEPTED: Final = words("planned waitlist entered-in-error")
_NO_PLAN: Final = words("draft entered-in-error")
_TYPE: Final = next(one for one in EPISODE_OF_CARE.search_parameters if one.name == "type")


def is_crisis_care(type_: str, content: Json) -> bool:
    """Whether a record of a type is an episode that a crisis team accepted, open or over."""
    status = content.get("status")
    if type_ == "EpisodeOfCare":
        return status not in _NOT_ACCEPTED and _is_of_crisis_team(content)
    return type_ == "CarePlan" and status not in _NO_PLAN and _is_home_treatment(content)


def is_open(type_: str, content: Json) -> bool:
    """Whether it is one that has begun and not ended, by its status: a plan is one where there is no EpisodeOfCare."""
    status = content.get("status")
    return status in (OPEN_CARE if type_ == "EpisodeOfCare" else OPEN_PLAN) and is_crisis_care(type_, content)


def _is_of_crisis_team(content: Json) -> bool:
    """Whether no type is given, or one of those; types are read as searches read them, for worklists are searches."""
    said = {key for kind in objects(content.get("type")) for key in token.keys(kind, _TYPE)}
    return not said or not said.isdisjoint(CRISIS_TYPES)


def _is_home_treatment(content: Json) -> bool:
    named = any(_HOME_TREATMENT in codes(concept) for concept in objects(content.get("category")))
    return named and content.get("intent") in INTENTS
