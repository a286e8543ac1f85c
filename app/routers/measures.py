"""$evaluate-measure over HTTP: https://hl7.org/fhir/R4/measure-operation-evaluate-measure.html"""

from fastapi import APIRouter, Request, Response

from app.fhir.search.query import REPRESENTATION
from app.operations.evaluate_measure import evaluate_measure
from app.operations.evaluation import pairs_of
from app.routers import answers
from app.routers.direct import DirectRoute
from app.routers.negotiation import wish
from app.routers.sent import sent
from app.routers.surroundings import BASE_PATH, context, query

router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)


@router.get("/Measure/$evaluate-measure")
@router.get("/Measure/{id}/$evaluate-measure")
@router.post("/Measure/$evaluate-measure")
@router.post("/Measure/{id}/$evaluate-measure")
async def evaluated(request: Request) -> Response:
    asked = wish(request)
    pairs = query(request) + pairs_of(await sent(request))
    asked_for = [pair for pair in pairs if pair[0] not in REPRESENTATION]
    report = await evaluate_measure(context(request), request.path_params.get("id", ""), asked_for)
    return answers.of_question(report, asked)
