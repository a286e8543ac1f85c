"""The questions about one episode, and about those of a team, over HTTP: https://hl7.org/fhir/R4/operations.html

An episode is an EpisodeOfCare, or the CarePlan by which a service without one records it.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.convertors import StringConvertor, register_url_convertor

from app.operations.evaluation import pairs_of
from app.operations.first_contacts import ask_first_contacts
from app.operations.gaps import ask_gaps
from app.operations.involvement import ask_involvement
from app.operations.team_gaps import ask_team_gaps
from app.record.context import Context
from app.routers import answers
from app.routers.direct import DirectRoute
from app.routers.negotiation import wish
from app.routers.sent import check_bare, sent
from app.routers.surroundings import BASE_PATH, check_no_parameters, context, criteria


class EpisodeConvertor(StringConvertor):
    """A type that an episode is recorded as, in a path."""

    regex = "EpisodeOfCare|CarePlan"


register_url_convertor("episode", EpisodeConvertor())
router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)

Question = Callable[[Context, str, str], Awaitable[dict[str, Any]]]


@router.get("/{type:episode}/{id}/$first-contacts")
@router.post("/{type:episode}/{id}/$first-contacts")
async def first_contacts(request: Request) -> Response:
    return await _answered(request, ask_first_contacts)


@router.get("/{type:episode}/{id}/$involvement")
@router.post("/{type:episode}/{id}/$involvement")
async def involvement(request: Request) -> Response:
    return await _answered(request, ask_involvement)


@router.get("/{type:episode}/{id}/$gaps")
@router.post("/{type:episode}/{id}/$gaps")
async def gaps(request: Request) -> Response:
    return await _answered(request, ask_gaps)


@router.get("/EpisodeOfCare/$team-gaps")
@router.post("/EpisodeOfCare/$team-gaps")
async def team_gaps(request: Request) -> Response:
    asked = wish(request)
    body = await ask_team_gaps(context(request), criteria(request) + pairs_of(await sent(request)))
    return Response(answers.body(body, asked), media_type=asked.media_type)


async def _answered(request: Request, ask: Question) -> Response:
    asked = wish(request)
    check_no_parameters(request)
    await check_bare(request)
    path = request.path_params
    return answers.of_question(await ask(context(request), path["type"], path["id"]), asked)
