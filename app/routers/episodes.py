"""The questions about one episode over HTTP: https://hl7.org/fhir/R4/operations.html"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from app.fhir import json
from app.operations.first_contacts import ask_first_contacts
from app.operations.involvement import ask_involvement
from app.record.context import Context
from app.routers.bare import check_bare
from app.routers.direct import DirectRoute
from app.routers.negotiation import wish
from app.routers.surroundings import BASE_PATH, check_no_parameters, context

router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)

Question = Callable[[Context, str, str], Awaitable[dict[str, Any]]]


@router.get("/EpisodeOfCare/{id}/$first-contacts")
@router.post("/EpisodeOfCare/{id}/$first-contacts")
async def first_contacts_of_episode(request: Request) -> Response:
    return await _answered(request, ask_first_contacts, "EpisodeOfCare")


@router.get("/CarePlan/{id}/$first-contacts")
@router.post("/CarePlan/{id}/$first-contacts")
async def first_contacts_of_plan(request: Request) -> Response:
    return await _answered(request, ask_first_contacts, "CarePlan")


@router.get("/EpisodeOfCare/{id}/$involvement")
@router.post("/EpisodeOfCare/{id}/$involvement")
async def involvement_of_episode(request: Request) -> Response:
    return await _answered(request, ask_involvement, "EpisodeOfCare")


@router.get("/CarePlan/{id}/$involvement")
@router.post("/CarePlan/{id}/$involvement")
async def involvement_of_plan(request: Request) -> Response:
    return await _answered(request, ask_involvement, "CarePlan")


async def _answered(request: Request, ask: Question, type_: str) -> Response:
    asked = wish(request)
    check_no_parameters(request)
    await check_bare(request)
    answer = await ask(context(request), type_, request.path_params["id"])
    shown = json.dumps(answer, asked.pretty)
    return Response(shown, headers={"Cache-Control": "no-store"}, media_type=asked.media_type)
