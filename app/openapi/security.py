"""How a request is authorised, and what is answered when it is not: for every operation but those that are open.

https://spec.openapis.org/oas/v3.1.0.html#security-scheme-object
"""

from typing import Any, Final

from app.openapi.answers import AUTHORISATION, TOO_OFTEN
from app.security.scopes import PRIVILEGES

# What takes no token: app/routers/authenticated.py is the judge of that.
_OPEN: Final = frozenset({"capabilities", "ping", "authzenConfiguration", "token", "tokenKeys", "smartConfiguration"})

REQUIREMENT: Final[list[dict[str, list[str]]]] = [{"token": []}, {"backendServices": []}]
_SCOPES: Final = {
    "system/*.cruds": "Create, read, update, delete and search every type; or one type, and some of the letters.",
    **PRIVILEGES,
}
SCHEMES: Final[dict[str, Any]] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": (
            "An access token: of `POST /oauth2/token`, for an assertion that the client signs with its own key "
            "(`private_key_jwt`, no secret), or of the issuer in the settings. `make run` leaves one for trying in "
            "`.kith/sandbox-token`."
        ),
    },
    "backendServices": {
        "type": "oauth2",
        "description": "SMART Backend Services: client_credentials with a signed assertion (private_key_jwt).",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": _SCOPES}},
    },
}


def secured(paths: dict[str, Any]) -> dict[str, Any]:
    """The paths with the failures of those who call too often or may not; `security: []` where no token is taken."""
    return {
        path: {method: _secured(operation) for method, operation in operations.items()}
        for path, operations in paths.items()
    }


def _secured(operation: dict[str, Any]) -> dict[str, Any]:
    is_open = operation["operationId"] in _OPEN
    statuses = (TOO_OFTEN,) if is_open else AUTHORISATION
    failures = {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}
    told = operation | {"responses": dict(sorted((failures | operation["responses"]).items()))}
    return told | {"security": []} if is_open else told
