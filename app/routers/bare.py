"""An operation without parameters, asked by POST: an empty body, or Parameters without any.

https://hl7.org/fhir/R4/operations.html#executing
"""

from fastapi import Request

from app.fhir.errors import BadRequest
from app.operations.check_parameters import parse_parameters
from app.routers.negotiation import FHIR_JSON, PLAIN_JSON, check_content_type
from app.routers.surroundings import read_body


async def check_bare(request: Request) -> None:
    """Raises BadRequest for a body that says something, and what `read_body` does."""
    body = await read_body(request) if request.method == "POST" else b""
    if body:
        check_content_type(request, FHIR_JSON, PLAIN_JSON)
        if parse_parameters(body).get("parameter"):
            raise BadRequest("This operation takes no parameters.", expression="Parameters.parameter[0]")
