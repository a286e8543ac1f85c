"""Granular scopes: what a caller sees of a type when its scopes have constraints (system/Consent.rs?status=active).

A resource that meets none of them is as if it were not there. A constraint that cannot be understood gives nothing.
https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#finer-grained-resource-constraints-using-search-parameters
"""

from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.errors import BadRequest
from app.fhir.search import criteria
from app.fhir.search.criterion import Condition, Criterion, Either
from app.fhir.search.matching import meets
from app.security.registration import CONSTRAINING
from app.security.scopes import Allowed, Constraint
from app.storage.resources import Stored

Alternative = tuple[Criterion, ...]


def conditions(allowed: Allowed, definition: ResourceDefinition) -> list[Condition]:
    """What a search has to ask besides, so that it finds nothing that may not be seen."""
    if not allowed.constraints:
        return []
    alternatives = _alternatives(allowed, definition)
    return list(alternatives[0]) if len(alternatives) == 1 else [Either(alternatives)]


def seen(allowed: Allowed, definition: ResourceDefinition, stored: Stored | None) -> Stored | None:
    """What was read if it may be seen, otherwise None; nobody can tell what a deleted resource would have met."""
    if not allowed.constraints or stored is None:
        return stored
    if stored.content is None:
        return None
    resource = json.loads(stored.content)
    alternatives = _alternatives(allowed, definition)
    return stored if any(all(meets(resource, each) for each in one) for one in alternatives) else None


def _alternatives(allowed: Allowed, definition: ResourceDefinition) -> tuple[Alternative, ...]:
    found = (_understood(constraint, definition) for constraint in allowed.constraints)
    return tuple(one for one in found if one is not None)


def _understood(constraint: Constraint, definition: ResourceDefinition) -> Alternative | None:
    surroundings = criteria.Surroundings(definition, (), 0)
    for name, _ in constraint:
        parameter = definition.by_name.get(name)
        if parameter is None or parameter.type not in CONSTRAINING or name.startswith("_"):
            return None
    try:
        return tuple(criteria.parse(name, value, surroundings) for name, value in constraint)
    except BadRequest:
        return None
