"""Getting a token over HTTP, and where: https://hl7.org/fhir/smart-app-launch/backend-services.html"""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from app.fhir import json
from app.fhir.errors import FhirError, NotFound, TooManyRequests
from app.fhir.resources import BY_TYPE
from app.operations.token import GRANT, TokenDoor, TokenRefusedError, issue
from app.routers.direct import DirectRoute
from app.routers.negotiation import FORM, PLAIN_JSON, check_content_type
from app.routers.surroundings import BASE_PATH, check_no_parameters, context, parameters, read_body, service
from app.security.keys import CLIENT_ALGORITHMS
from app.security.scopes import PRIVILEGES

router = APIRouter(route_class=DirectRoute, include_in_schema=False)

TOKEN: Final = "/oauth2/token"  # noqa: S105  # an address
JWKS: Final = "/oauth2/jwks"
WELL_KNOWN: Final = "/.well-known/smart-configuration"
# RFC 6749, section 5.1
NOT_STORED: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@router.post(TOKEN)
async def post_token(request: Request) -> Response:
    door = _door(request)
    try:
        wait = service(request).token_rate.take(request.client.host if request.client else "")
        if wait:
            raise TooManyRequests("Too many requests for tokens: keep the token that you have.", retry_after=wait)
        check_content_type(request, FORM)
        check_no_parameters(request)
        issued = await issue(context(request), door, parameters(await read_body(request)))
    except TokenRefusedError as refusal:
        return _json({"error": refusal.error, "error_description": str(refusal)}, 400)
    except FhirError as refusal:
        error = "temporarily_unavailable" if refusal.status in (429, 503) else "invalid_request"
        return _json({"error": error, "error_description": str(refusal)}, refusal.status, refusal.headers)
    answer = {"access_token": issued.token, "token_type": "bearer", "expires_in": issued.seconds}
    return _json(answer | {"scope": issued.scope})


@router.get(JWKS)
async def get_keys(request: Request) -> Response:
    """The public keys of the access tokens."""
    keys = await _door(request).tokens.keys.published()
    return Response(json.dumps({"keys": keys}), headers={"Cache-Control": "max-age=60"}, media_type=PLAIN_JSON)


@router.get(WELL_KNOWN)
@router.get(BASE_PATH + WELL_KNOWN)
async def get_configuration(request: Request) -> Response:
    """https://hl7.org/fhir/smart-app-launch/conformance.html"""
    issuer = _door(request).tokens.issuer
    types = [f"system/{type_}.cruds" for type_ in ("*", *BY_TYPE)]
    configuration = {
        "issuer": issuer,
        "jwks_uri": issuer + JWKS,
        "token_endpoint": issuer + TOKEN,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(CLIENT_ALGORITHMS),
        "grant_types_supported": [GRANT],
        "scopes_supported": [*types, *PRIVILEGES],
        "capabilities": ["client-confidential-asymmetric", "permission-v2"],
    }
    return Response(json.dumps(configuration), media_type=PLAIN_JSON)


def _door(request: Request) -> TokenDoor:
    """Raises NotFound where this service gives out no tokens."""
    door = service(request).token_door
    if door is None:
        raise NotFound("This service gives out no tokens: they come from elsewhere, or authentication is off.")
    return door


def _json(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, NOT_STORED | (headers or {}), PLAIN_JSON)
