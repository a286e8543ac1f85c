"""How a client gets a token: the token endpoint, its keys, and where they are."""

from typing import Any, Final

from app.openapi import parameters
from app.openapi.answers import responses, with_json
from app.openapi.scenarios import Scenario
from app.openapi.schemas import ref

Schema = dict[str, Any]

_TEXT: Final = {"type": "string"}
_URL: Final = {"type": "string", "format": "uri"}
_FORM: Final = "application/x-www-form-urlencoded"
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ROOT: Final = "http://localhost:8000"


def _object(required: dict[str, Any], **more: Any) -> Schema:
    return {"type": "object", "properties": required | more, "required": list(required)}


SCHEMAS: Final = {
    "AccessToken": _object(
        {"access_token": _TEXT, "token_type": {"const": "bearer"}, "expires_in": {"type": "integer"}, "scope": _TEXT}
    ),
    "TokenRefused": _object({"error": _TEXT, "error_description": _TEXT}),
    "JwkSet": _object({"keys": {"type": "array", "items": {"type": "object"}}}),
    "SmartConfiguration": _object(
        {"issuer": _URL, "jwks_uri": _URL, "token_endpoint": _URL, "capabilities": {"type": "array", "items": _TEXT}}
    ),
}
_REQUEST: Final = _object(
    {
        "grant_type": {"const": "client_credentials"},
        "client_assertion_type": {"const": _ASSERTION_TYPE},
        "client_assertion": {"type": "string", "description": "A JWT that the client signed (RFC 7523)."},
    },
    scope={"type": "string", "description": "SMART scopes, with spaces; without: all that are registered."},
)
_WORDS: Final = """\
SMART Backend Services: a client proves who it is by an assertion that it signs with a registered key (RS384, RS512 or \
ES384), good once and for five minutes, and gets an access token with those of the scopes that it asked for which are \
registered."""


def paths() -> dict[str, Any]:
    """The operations of the authorisation server."""
    return {
        "/oauth2/token": {"post": _token()},
        "/oauth2/jwks": {"get": _get("tokenKeys", "The public keys of the access tokens", "JwkSet", {"keys": []})},
        "/.well-known/smart-configuration": {
            "get": _get("smartConfiguration", "Where tokens are to be had", "SmartConfiguration", _configuration())
        },
    }


def _token() -> dict[str, Any]:
    form = {"grant_type": "client_credentials", "client_assertion_type": _ASSERTION_TYPE, "scope": "kith/check"}
    wrong = {"error": "unsupported_grant_type", "error_description": "grant_type must be client_credentials."}
    given = {"access_token": "eyJ0eXAi...", "token_type": "bearer", "expires_in": 300, "scope": "kith/check"}
    told = [
        Scenario("granted", "A token", 200, body=form | {"client_assertion": "eyJhbGci..."}, answer=given),
        Scenario("wrong-grant", "Another kind of grant", 400, body={"grant_type": "password"}, answer=wrong),
    ]
    examples = {each.name: {"summary": each.summary, "value": each.body} for each in told}
    answers = {200: with_json("The token.", ref("AccessToken"))}
    answers |= {
        status: with_json(words, ref("TokenRefused"))
        for status, words in (
            (400, "Refused, as RFC 6749 has it."),
            (415, "The body is no form."),
            (429, "Too many requests: Retry-After."),
            (503, "Nothing can be said now: try again."),
        )
    }
    answers[400]["content"]["application/fhir+json"] = {"schema": ref("OperationOutcome")}
    return {
        "operationId": "token",
        "summary": "Get an access token",
        "description": _WORDS,
        "tags": ["Service"],
        "parameters": parameters.headers(),
        "requestBody": {"required": True, "content": {_FORM: {"schema": _REQUEST, "examples": examples}}},
        "responses": responses(answers, (404, 408, 413), told, always=(414, 431, 500)),
    }


def _get(name: str, summary: str, schema: str, value: dict[str, Any]) -> dict[str, Any]:
    shown = [Scenario("found", summary, 200, answer=value)]
    answers = {200: with_json(summary + ".", ref(schema))}
    return {
        "operationId": name,
        "summary": summary,
        "tags": ["Service"],
        "parameters": parameters.headers(),
        "responses": responses(answers, (404,), shown, always=(400, 414, 431, 500, 503)),
    }


def _configuration() -> dict[str, Any]:
    return {
        "issuer": _ROOT,
        "jwks_uri": f"{_ROOT}/oauth2/jwks",
        "token_endpoint": f"{_ROOT}/oauth2/token",
        "capabilities": ["client-confidential-asymmetric", "permission-v2"],
    }
