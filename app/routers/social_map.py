"""Patient/{id}/$social-map over HTTP: as a graph in JSON, or as a picture in SVG."""

from typing import Final

from fastapi import APIRouter, Request, Response

from app.fhir import json
from app.fhir.errors import BadRequest
from app.involvement.social_map_drawn import picture
from app.involvement.social_map_told import graph
from app.operations.social_map import draw
from app.routers.direct import DirectRoute
from app.routers.negotiation import PLAIN_JSON, wish
from app.routers.sent import check_bare
from app.routers.surroundings import BASE_PATH, context, criteria

router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)

SVG: Final = "image/svg+xml"


@router.get("/Patient/{id}/$social-map")
@router.post("/Patient/{id}/$social-map")
async def get_social_map(request: Request) -> Response:
    drawn_wanted = _wants_picture(request)
    asked = None if drawn_wanted else wish(request)
    unknown = [name for name, _ in criteria(request)]
    if unknown:
        raise BadRequest(f"$social-map has no parameter {unknown[0][:64]}.", code="not-supported")
    await check_bare(request)
    drawn = await draw(context(request), request.path_params["id"])
    if asked is None:
        return Response(picture(drawn), media_type=SVG)
    return Response(json.dumps(graph(drawn), asked.pretty), media_type=PLAIN_JSON)


def _wants_picture(request: Request) -> bool:
    """Whether SVG is asked for, by _format or by an Accept that names it first."""
    format_ = request.query_params.get("_format", "")
    if format_:
        return format_.replace(" ", "+") in ("svg", SVG)
    return request.headers.get("accept", "").split(",")[0].split(";")[0].strip().lower() == SVG
