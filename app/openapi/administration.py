"""Administration: the clients of an organisation, and stopping one."""

from datetime import UTC, datetime
from typing import Any, Final

from app.fhir.errors import NotFound
from app.openapi import parameters
from app.openapi.answers import responses, with_json
from app.openapi.scenarios import Scenario, refused
from app.openapi.schemas import ref
from app.operations.administration import shown
from app.security.client import Client
from app.security.scopes import parse

Schema = dict[str, Any]

_TEXT: Final = {"type": "string"}
_FLAG: Final = {"type": "boolean"}
_NAMES: Final = {"type": "array", "items": _TEXT}
_KEY: Final = {
    "type": "object",
    "properties": {"kid": _TEXT, "kty": {"enum": ["EC", "RSA"]}, "until": _TEXT},
    "required": ["kid", "kty"],
}
_CLIENT: Final[Schema] = {
    "id": _TEXT,
    "name": _TEXT,
    "organisation": _TEXT | {"description": "ODS code of the organisation that it acts for."},
    "sees": _NAMES | {"description": "ODS codes whose records it sees besides."},
    "scopes": _TEXT,
    "facing": {"enum": ["staff", "patient", "carer"]},
    "enabled": _FLAG,
    "sandbox": _FLAG,
    "made": {"type": "string", "format": "date-time"},
    "keys": {"type": "array", "items": _KEY},
}
SCHEMAS: Final = {
    "Client": {"type": "object", "properties": _CLIENT | {"patient": _TEXT}, "required": list(_CLIENT)},
    "Clients": {
        "type": "object",
        "properties": {"clients": {"type": "array", "items": {"$ref": "#/components/schemas/Client"}}},
        "required": ["clients"],
    },
}
_MADE: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
SAMPLE: Final = Client(
    "northbeck-epr", "Northbeck EPR", "ZZK02", parse("system/*.rs kith/check"), made=_MADE, tokens_from=_MADE
)
_WORDS: Final = "It takes `kith/admin`, and shows clients of the caller's own organisation alone."
_ALWAYS: Final = (400, 414, 431, 500, 503)


def paths() -> dict[str, Any]:
    """The operations under /admin."""
    return {"/admin/clients": {"get": _list()}, "/admin/clients/{id}/disable": {"post": _disable()}}


def _list() -> dict[str, Any]:
    told = [Scenario("found", "The clients of the organisation", 200, answer={"clients": [shown(SAMPLE)]})]
    return {
        "operationId": "listClients",
        "summary": "Which clients may call for this organisation",
        "description": _WORDS,
        "tags": ["Service"],
        "parameters": parameters.headers(),
        "responses": responses({200: with_json("The registrations.", ref("Clients"))}, (), told, always=_ALWAYS),
    }


def _disable() -> dict[str, Any]:
    unknown = NotFound("This organisation has no such client.")
    told = [
        Scenario("disabled", "It may not call any more", 200, answer=shown(SAMPLE) | {"enabled": False}),
        refused("unknown", "No such client", unknown),
    ]
    ids = {"disabled": SAMPLE.id, "unknown": "nobody"}
    named = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "The client_id.",
        "schema": _TEXT,
        "examples": {name: {"value": id_} for name, id_ in ids.items()},
    }
    return {
        "operationId": "disableClient",
        "summary": "Refuse a client, and every token that it has",
        "description": f"{_WORDS} Every worker refuses it within five seconds. `kith client` registers it again.",
        "tags": ["Service"],
        "parameters": [named, *parameters.headers()],
        "responses": responses({200: with_json("The registration.", ref("Client"))}, (404,), told, always=_ALWAYS),
    }
