"""The doors to the sharing decision: https://hl7.org/fhir/R4/operations.html (the sharing decision, section 8)"""

from fastapi import APIRouter, Request, Response

from app.operations.asked import Asked
from app.operations.check_parameters import from_parameters, from_query, parse_parameters, to_parameters
from app.operations.check_sharing import check_sharing
from app.routers import answers
from app.routers.direct import DirectRoute
from app.routers.negotiation import FHIR_JSON, PLAIN_JSON, Wish, check_content_type, wish
from app.routers.surroundings import BASE_PATH, check_no_parameters, context, criteria, read_body

router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)


@router.post("/Consent/$check-sharing")
async def post_check_sharing(request: Request) -> Response:
    asked = wish(request)
    check_content_type(request, FHIR_JSON, PLAIN_JSON)
    check_no_parameters(request)
    return await _checked(request, asked, from_parameters(parse_parameters(await read_body(request))))


@router.get("/Consent/$check-sharing")
async def get_check_sharing(request: Request) -> Response:
    asked = wish(request)
    return await _checked(request, asked, from_query(criteria(request)))


async def _checked(request: Request, asked: Wish, question: Asked) -> Response:
    checked = await check_sharing(context(request), question)
    return answers.of_question(to_parameters(checked), asked)
