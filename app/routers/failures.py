"""The one place where failures become answers: always an OperationOutcome, never the inside of the service."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.fhir import json
from app.fhir.base import PATH
from app.fhir.errors import FhirError, Issue, MethodNotAllowed, NotFound
from app.fhir.outcome import operation_outcome
from app.routers import methods
from app.routers.negotiation import FHIR_ANSWER


def failure(error: FhirError) -> Response:
    """The answer to a request that was refused."""
    body = json.dumps(operation_outcome(error.issues))
    return Response(body, error.status, error.headers, FHIR_ANSWER)


def unexpected(request_id: str) -> Response:
    """The answer when the service itself is at fault: constant text, and the id under which the log tells more."""
    text = f"Something went wrong inside the service. Quote request id {request_id} when you report it."
    return Response(json.dumps(operation_outcome([Issue("exception", text, severity="fatal")])), 500, None, FHIR_ANSWER)


def operation(path: str) -> str:
    """The last part of a path, where its $ says that it is meant as an operation; '' for any other."""
    named = path.rpartition("/")[2]
    return named if named.startswith("$") else ""


def no_operation(path: str) -> NotFound:
    """That a path names an operation which there is not."""
    text = f"There is no operation {operation(path)[:64]} at this address; {PATH}/metadata names those of each type."
    return NotFound(text, code="not-supported", spine="UNSUPPORTED_SERVICE")


def check_no_operation(path: str) -> None:
    """Raises NotFound when a path names an operation: had there been one, its own route would have taken it."""
    if operation(path):
        raise no_operation(path)


def not_routed(request: Request, error: HTTPException) -> FhirError:
    """Why no route takes the path (404), or none takes it with this method (405)."""
    path, routes = request.scope["path"], request.app.router.routes
    found = methods.allowed(routes, request.scope)
    named = operation(path)
    if named and not any(route.path.endswith(f"/{named}") for route in methods.meant(routes, request.scope)):
        return no_operation(path)
    if error.status_code != MethodNotAllowed.status or not found:
        elsewhere = "" if path.startswith(PATH) else f" FHIR is under {PATH}, and all is told at /docs."
        return NotFound(f"There is nothing at {request.url.path[:200]}.{elsewhere}")
    told = methods.headers(found)
    return MethodNotAllowed(f"{request.method} is not possible here; {told['Allow']} are.", headers=told)
