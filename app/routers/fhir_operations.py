"""FHIR's own operations over HTTP: $validate and $everything. https://hl7.org/fhir/R4/operations.html"""

from fastapi import APIRouter, Request, Response

from app.fhir.everything import from_parameters
from app.interactions.everything import everything
from app.interactions.validate import told, validate
from app.routers import answers
from app.routers.direct import DirectRoute
from app.routers.negotiation import FHIR_JSON, PLAIN_JSON, check_content_type, wish
from app.routers.sent import sent
from app.routers.surroundings import BASE_PATH, context, criteria, definition, query, read_body

router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)


@router.post("/{type}/$validate")
@router.post("/{type}/{id}/$validate")
async def post_validate(request: Request) -> Response:
    check_content_type(request, FHIR_JSON, PLAIN_JSON)
    return await _validated(request, await read_body(request))


@router.get("/{type}/{id}/$validate")
async def get_validate(request: Request) -> Response:
    return await _validated(request, None)


@router.get("/Patient/{id}/$everything")
@router.post("/Patient/{id}/$everything")
async def all_of_a_patient(request: Request) -> Response:
    asked = wish(request)
    pairs = query(request) + from_parameters(await sent(request))
    body = await everything(context(request), request.path_params["id"], pairs)
    return Response(answers.body(body, asked), media_type=asked.media_type)


async def _validated(request: Request, body: bytes | None) -> Response:
    asked = wish(request)
    path = request.path_params
    found = await validate(context(request), definition(request), path.get("id", ""), body, criteria(request))
    return answers.of_question(told(found), asked)
