"""The one place where failures become answers: always an OperationOutcome, never the inside of the service."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.fhir import json
from app.fhir.errors import FhirError, Issue, MethodNotAllowed, NotFound
from app.fhir.outcome import operation_outcome
from app.routers import methods
from app.routers.negotiation import FHIR_JSON


def failure(error: FhirError) -> Response:
    """The answer to a request that was refused."""
    body = json.dumps(operation_outcome(error.issues))
    return Response(body, error.status, error.headers, FHIR_JSON)


def unexpected(request_id: str) -> Response:
    """The answer when the service itself is at fault: constant text, and the id under which the log tells more."""
    text = f"Something went wrong inside the service. Quote request id {request_id} when you report it."
    return Response(json.dumps(operation_outcome([Issue("exception", text, severity="fatal")])), 500, None, FHIR_JSON)


def not_routed(request: Request, error: HTTPException) -> FhirError:
    """Why no route takes the path (404), or none takes it with this method (405)."""
    found = methods.allowed(request.app.router.routes, request.scope)
    if error.status_code != MethodNotAllowed.status or not found:
        return NotFound(f"There is nothing at {request.url.path[:200]}.")
    told = methods.headers(found)
    return MethodNotAllowed(f"{request.method} is not possible here; {told['Allow']} are.", headers=told)
