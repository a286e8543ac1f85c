"""What may become of a resource that stands: the transitions of its type."""

from typing import Any

from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.errors import Invalid
from app.record.context import Context
from app.storage.resources import Stored


def check_transition(
    context: Context, definition: ResourceDefinition, current: Stored, resource: dict[str, Any]
) -> None:
    """Raises Invalid with every rule against this resource as the next version of the one that stands."""
    if not definition.transitions or current.content is None:
        return
    old = json.loads(current.content)
    issues = [issue for check in definition.transitions for issue in check(old, resource, context.rules)]
    if issues:
        raise Invalid(issues=tuple(issues))
