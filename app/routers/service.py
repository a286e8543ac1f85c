"""How the service itself is: /_ping says that it runs and which release, /_status what it depends on.

NHS API guidance: https://digital.nhs.uk/developer/guides-and-documentation/reference-guide#status-endpoint
"""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from app import __version__
from app.fhir import json
from app.interactions.health import Check, health
from app.routers.direct import DirectRoute
from app.routers.surroundings import service

router = APIRouter(route_class=DirectRoute, include_in_schema=False)


@router.get("/_ping")
async def get_ping(request: Request) -> Response:
    life = service(request)
    body = {
        "version": __version__,
        "revision": life.revision,
        "releaseId": life.release_id,
        "commitId": life.commit_id,
    }
    return _json(body)


@router.get("/_status")
async def get_status(request: Request) -> Response:
    life = service(request)
    checks = await health(life.database, life.audit)
    worst = max((check.status for check in checks), key=("pass", "warn", "fail").index)
    body = {"status": worst, "checks": {check.name: [_shown(check)] for check in checks}}
    return _json(body, 503 if worst == "fail" else 200)


def _shown(check: Check) -> dict[str, str]:
    return {"status": check.status, "output": check.output} if check.output else {"status": check.status}


def _json(body: Mapping[str, object], status: int = 200) -> Response:
    return Response(json.dumps(body), status, media_type="application/json")
