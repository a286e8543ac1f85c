"""The search keys that a version is stored with: of its parameters, and Kith's own of concerns and of what is due."""

from typing import Any

from app.fhir.definition import ResourceDefinition
from app.fhir.masking import sought
from app.fhir.search.keys import Keys, extract
from app.involvement import concerns, due


def keys(resource: dict[str, Any], definition: ResourceDefinition, bases: tuple[str, ...]) -> Keys:
    """The keys of a structurally valid resource; `bases` are the addresses of this service."""
    found = extract(sought(resource), definition, bases)
    found.tokens.extend(concerns.keys(definition.type, resource, bases))
    found.dates.extend(due.keys(definition.type, resource))
    return found
