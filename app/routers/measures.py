"""$evaluate-measure over HTTP: https://hl7.org/fhir/R4/measure-operation-evaluate-measure.html"""

from fastapi import APIRouter, Request, Response

from app.operations.check_parameters import parse_parameters
from app.operations.evaluate_measure import evaluate_measure
from app.operations.evaluation import pairs_of
from app.routers import answers
from app.routers.direct import DirectRoute
from app.routers.negotiation import FHIR_JSON, PLAIN_JSON, check_content_type, wish
from app.routers.surroundings import BASE_PATH, RESULT_FORM, context, query, read_body

router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)


@router.get("/Measure/$evaluate-measure")
@router.get("/Measure/{id}/$evaluate-measure")
async def get_evaluated(request: Request) -> Response:
    return await _evaluated(request, query(request))


@router.post("/Measure/$evaluate-measure")
@router.post("/Measure/{id}/$evaluate-measure")
async def post_evaluated(request: Request) -> Response:
    body = await read_body(request)
    if not body:
        return await _evaluated(request, query(request))
    check_content_type(request, FHIR_JSON, PLAIN_JSON)
    return await _evaluated(request, query(request) + pairs_of(parse_parameters(body)))


async def _evaluated(request: Request, pairs: list[tuple[str, str]]) -> Response:
    asked = wish(request)
    asked_for = [pair for pair in pairs if pair[0] not in RESULT_FORM]
    report = await evaluate_measure(context(request), request.path_params.get("id", ""), asked_for)
    return answers.of_question(report, asked)
