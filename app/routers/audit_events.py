"""[base]/AuditEvent over HTTP: to be read and searched, never written. https://hl7.org/fhir/R4/auditevent.html"""

from fastapi import APIRouter, Request, Response

from app.fhir.errors import MethodNotAllowed, NotFound
from app.interactions.audit_read import audit_read
from app.interactions.audit_search import audit_search
from app.routers import answers, headers
from app.routers.direct import DirectRoute
from app.routers.methods import refusing
from app.routers.negotiation import FORM, Wish, check_content_type, wish
from app.routers.surroundings import BASE_PATH, check_no_parameters, context, parameters, query, read_body

router = APIRouter(prefix=f"{BASE_PATH}/AuditEvent", route_class=DirectRoute, include_in_schema=False)

WRITES = ["POST", "PUT", "PATCH", "DELETE"]


@router.get("")
async def get_audit_events(request: Request) -> Response:
    return await _search(request, wish(request), query(request))


@router.post("/_search")
async def post_audit_event_search(request: Request) -> Response:
    check_content_type(request, FORM)
    form = parameters(await read_body(request))
    return await _search(request, wish(request, form), query(request) + form)


@router.api_route("/_search", methods=["GET", "PUT", "PATCH", "DELETE"])
@refusing
async def other_audit_event_search(_: Request) -> Response:
    raise MethodNotAllowed("A search at _search is a POST.", headers={"Allow": "POST, OPTIONS"})


@router.get("/_history")
@router.get("/{id}/_history")
@router.get("/{id}/_history/{version}")
async def get_audit_event_history(_: Request) -> Response:
    raise NotFound("An AuditEvent has no history: it is written once.", code="not-supported")


@router.get("/{id}")
async def get_audit_event(request: Request) -> Response:
    asked = wish(request)
    check_no_parameters(request)
    result = await audit_read(context(request), request.path_params["id"], headers.has(request))
    if result.unchanged:
        return answers.not_modified(result)
    return answers.of_read(result, asked)


@router.api_route("", methods=WRITES)
@router.api_route("/{path:path}", methods=WRITES)
@refusing
async def write_audit_event(_: Request) -> Response:
    raise MethodNotAllowed("AuditEvents are written by the service alone.", headers={"Allow": "GET, HEAD, OPTIONS"})


async def _search(request: Request, asked: Wish, pairs: list[tuple[str, str]]) -> Response:
    body = await audit_search(context(request), pairs, lenient=asked.lenient)
    return Response(answers.body(body, asked), media_type=asked.media_type)
