"""OpenID AuthZEN over HTTP: https://openid.net/specs/authorization-api-1_0.html (the sharing decision, section 8)

A refusal of the request is an object with `error`, as the protocol has it inside evaluations; a deny is no refusal.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from app.fhir import json
from app.fhir.errors import FhirError
from app.operations.authzen_answer import error
from app.operations.authzen_doors import evaluate, evaluate_all, search_actions, search_resources, search_subjects
from app.record.context import Context
from app.routers.direct import DirectRoute
from app.routers.negotiation import PLAIN_JSON, check_content_type
from app.routers.surroundings import context, read_body

router = APIRouter(route_class=DirectRoute, include_in_schema=False)

Door = Callable[[Context, bytes], Awaitable[dict[str, Any]]]
ENDPOINTS = {
    "access_evaluation_endpoint": "/access/v1/evaluation",
    "access_evaluations_endpoint": "/access/v1/evaluations",
    "search_subject_endpoint": "/access/v1/search/subject",
    "search_resource_endpoint": "/access/v1/search/resource",
    "search_action_endpoint": "/access/v1/search/action",
}


@router.post("/access/v1/evaluation")
async def post_evaluation(request: Request) -> Response:
    return await _asked(request, evaluate)


@router.post("/access/v1/evaluations")
async def post_evaluations(request: Request) -> Response:
    return await _asked(request, evaluate_all)


@router.post("/access/v1/search/subject")
async def post_search_subject(request: Request) -> Response:
    return await _asked(request, search_subjects)


@router.post("/access/v1/search/resource")
async def post_search_resource(request: Request) -> Response:
    return await _asked(request, search_resources)


@router.post("/access/v1/search/action")
async def post_search_action(request: Request) -> Response:
    return await _asked(request, search_actions)


@router.get("/.well-known/authzen-configuration")
async def get_configuration(request: Request) -> Response:
    """Where each endpoint is, under the address by which this service is known."""
    root = context(request).root
    endpoints = {name: root + path for name, path in ENDPOINTS.items()}
    return Response(json.dumps({"policy_decision_point": root} | endpoints), media_type=PLAIN_JSON)


async def _asked(request: Request, door: Door) -> Response:
    try:
        check_content_type(request, PLAIN_JSON)
        body = await door(context(request), await read_body(request))
    except FhirError as refusal:
        return Response(json.dumps(error(refusal)), refusal.status, refusal.headers, PLAIN_JSON)
    return Response(json.dumps(body), media_type=PLAIN_JSON)
