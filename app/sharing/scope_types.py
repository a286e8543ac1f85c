"""The published scope-to-types table: which resource types hold what a scope is about (sections 4 and 6.2).

It is read in two ways. A stored resource without a sharing-scope tag has the scopes of its type (and category). A
provision `class` in a permit covers a scope when all its types are listed, in a deny when any is. Sensitive history
and substance use have no types: nothing but their code says that a record is about them. Neither have the scopes
about contact, for which no type of record stands.
"""

from typing import Any, Final

from app.fhir.vocabulary.scope_types import SCOPE_TYPES
from app.sharing.reading import Json, codes, objects

NAMED_ONLY: Final = frozenset({"sensitive-history", "substance-use"})

TYPES: Final = SCOPE_TYPES
# CarePlans that say by category what they are; any other is a care plan. A crisis plan (SNOMED CT) is a safety plan.
_CARE_PLANS: Final = {
    "safety-plan": "safety-plan",
    "736253002": "safety-plan",
    "relapse-prevention": "relapse-signature",
    "relapse-signature": "relapse-signature",
}


def scopes_of_type(resource: Json) -> frozenset[str]:
    """The scopes of a resource by its type and category; none when the table does not know it."""
    type_ = resource.get("resourceType")
    if type_ == "CarePlan":
        return _care_plan(resource.get("category"))
    return frozenset(scope for scope, types in TYPES.items() if type_ in types)


def _care_plan(categories: Any) -> frozenset[str]:
    written = {code for category in objects(categories) for _, code in codes(category)}
    found = frozenset(scope for code, scope in _CARE_PLANS.items() if code in written)
    return found or frozenset({"care-plan"})
