"""The Parameters that an operation is sent by POST: none where the body is empty.

https://hl7.org/fhir/R4/operations.html#executing
"""

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from app.fhir.errors import BadRequest
from app.operations.check_parameters import parse_parameters
from app.routers.negotiation import FHIR_JSON, PLAIN_JSON, check_content_type
from app.routers.surroundings import read_body


async def sent(request: Request) -> Mapping[str, Any]:
    """A structurally valid Parameters resource, {} for an empty body and for GET.

    Raises BadRequest, UnsupportedMediaType, and what `read_body` does.
    """
    body = await read_body(request) if request.method == "POST" else b""
    if not body:
        return {}
    check_content_type(request, FHIR_JSON, PLAIN_JSON)
    return parse_parameters(body)


async def check_bare(request: Request) -> None:
    """Raises BadRequest for a body that says something, to an operation without parameters; and what `sent` does."""
    if (await sent(request)).get("parameter"):
        raise BadRequest("This operation takes no parameters.", expression="Parameters.parameter[0]")
