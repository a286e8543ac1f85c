"""Administration over HTTP: docs/security.md"""

from fastapi import APIRouter, Request, Response

from app.fhir import json
from app.operations.administration import disable_client, list_clients
from app.routers.direct import DirectRoute
from app.routers.negotiation import PLAIN_JSON
from app.routers.surroundings import check_no_parameters, context

router = APIRouter(prefix="/admin/clients", route_class=DirectRoute, include_in_schema=False)


@router.get("")
async def get_clients(request: Request) -> Response:
    check_no_parameters(request)
    return _json({"clients": await list_clients(context(request))})


@router.post("/{id}/disable")  # noqa: FAST003  # a direct route takes the request alone
async def post_disable(request: Request) -> Response:
    check_no_parameters(request)
    return _json(await disable_client(context(request), request.path_params["id"]))


def _json(body: dict[str, object]) -> Response:
    return Response(json.dumps(body), media_type=PLAIN_JSON)
