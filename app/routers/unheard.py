"""On record: requests that were refused before any interaction heard of them (405, 406, 415)."""

from typing import Final

from starlette.requests import Request

from app.fhir.errors import FhirError, MethodNotAllowed, NotAcceptable, UnsupportedMediaType
from app.routers.surroundings import BASE_PATH, context

_UNHEARD: Final = (MethodNotAllowed, NotAcceptable, UnsupportedMediaType)


def on_record(request: Request, refusal: FhirError) -> FhirError:
    """The refusal, once a row for it waits to be written; what stands in the way of that instead.

    Nothing is written of who did not say who he is, or of paths that are not FHIR's.
    """
    known = "granted" in request.scope.get("state", {})
    if not known or not isinstance(refusal, _UNHEARD) or not request.url.path.startswith(BASE_PATH):
        return refusal
    try:
        surroundings = context(request)
        asked = f"{request.method} {request.url.path}"
        row = surroundings.audit_row("refused", status=refusal.status, outcome=str(refusal), query=asked)
        surroundings.audit.put(row)
    except FhirError as other:
        return other
    return refusal
