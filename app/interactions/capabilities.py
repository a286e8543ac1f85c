"""capabilities: https://hl7.org/fhir/R4/http.html#capabilities"""

from typing import Any

from app import RELEASED, __version__
from app.fhir.capability import capability_statement
from app.fhir.resources import DEFINITIONS
from app.record.context import Context


def capabilities(context: Context) -> dict[str, Any]:
    """The CapabilityStatement of this service, at the address under which the caller reached it."""
    return capability_statement(
        DEFINITIONS,
        base_url=context.base_url,
        version=__version__,
        published=RELEASED,
        integrity=context.policy.referential_integrity,
        token_url=context.policy.token_url,
    )
