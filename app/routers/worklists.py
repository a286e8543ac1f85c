"""The worklists over HTTP: GET /worklists, GET /worklists/{name}."""

from fastapi import APIRouter, Request, Response

from app.fhir import json
from app.involvement.worklists import Limits, told
from app.operations.worklist import worklist
from app.routers import answers
from app.routers.direct import DirectRoute
from app.routers.negotiation import PLAIN_JSON, wish
from app.routers.surroundings import check_no_parameters, context, criteria

router = APIRouter(prefix="/worklists", route_class=DirectRoute, include_in_schema=False)


@router.get("")
async def get_worklists(request: Request) -> Response:
    """What lists there are, and the FHIR search that comes nearest to each."""
    check_no_parameters(request)
    here = context(request)
    policy = here.policy
    limits = Limits(policy.contact_hours, policy.concern_hours, policy.meeting_days, policy.key_roles)
    return Response(json.dumps(told(here.root, here.base_url, here.rules.now, limits)), media_type=PLAIN_JSON)


@router.get("/{name}")
async def get_worklist(request: Request) -> Response:
    asked = wish(request)
    body = await worklist(context(request), request.path_params["name"], criteria(request))
    return Response(answers.body(body, asked), media_type=asked.media_type)
