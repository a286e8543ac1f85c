"""CDS Hooks over HTTP: https://cds-hooks.hl7.org (the sharing decision, section 8)"""

from fastapi import APIRouter, Request, Response

from app.fhir import json
from app.operations.cds_hooks import HOOK, SERVICE, asked, cards
from app.operations.check_sharing import check_sharing
from app.routers.direct import DirectRoute
from app.routers.negotiation import PLAIN_JSON, check_content_type
from app.routers.surroundings import context, read_body

router = APIRouter(route_class=DirectRoute, include_in_schema=False)


@router.get("/cds-services")
async def get_services(_: Request) -> Response:
    return Response(json.dumps({"services": [SERVICE]}), media_type=PLAIN_JSON)


@router.post(f"/cds-services/{HOOK}")
async def post_consult(request: Request) -> Response:
    check_content_type(request, PLAIN_JSON)
    checked = await check_sharing(context(request), asked(await read_body(request)))
    return Response(json.dumps(cards(checked)), media_type=PLAIN_JSON)
