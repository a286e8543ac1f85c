"""What an operation answers: each status with its headers, media types and body."""

from collections.abc import Iterable
from typing import Any

from app.openapi.scenarios import Scenario
from app.openapi.schemas import ref

Answer = dict[str, Any]

PLAIN_JSON = "application/json"
MEDIA_TYPES = ("application/fhir+json", PLAIN_JSON)

_TEXTS = {
    400: "The request cannot be understood: its JSON, a header, or a parameter, each named.",
    401: "There is no access token, or none that is valid now: `WWW-Authenticate` says which.",
    403: "The token does not have the scope that this takes, which `WWW-Authenticate` names.",
    404: "There is nothing under this address.",
    405: "The service makes it when it is read: `Allow` says what can be done.",
    406: "Only JSON is to be had.",
    408: "The body did not arrive in time.",
    409: "What is stored stands against it: a record that must be kept, an NHS number that is another patient's.",
    410: "It was deleted; its history is kept.",
    412: "Another version is current than the one in If-Match, or the id is in use.",
    413: "The body is larger than the service takes.",
    414: "The URL is too long; search by POST instead.",
    415: "The body is not of a type the service takes, or not in UTF-8.",
    422: "Understood, and against the rules of FHIR or of this service: every issue at once, each with its expression.",
    429: "This client, or this address where no client is known, asks too often: try again later.",
    431: "The headers are larger than the service takes.",
    500: "The service is at fault. The X-Request-ID tells its operators where to look.",
    503: "The database or the audit trail is out of reach, or too much is under way. Nothing was done; try again.",
}
TOO_OFTEN = 429
AUTHORISATION = (401, 403, TOO_OFTEN)
ALWAYS = (400, 406, 414, 431, 500, 503)
_REQUEST_ID = {"description": "The id of the request, sent or made.", "schema": {"type": "string"}}
_ETAG = {"description": "The version.", "schema": {"type": "string", "pattern": '^W/"[0-9]+"$'}}
_LAST_MODIFIED = {"description": "When the version was stored.", "schema": {"type": "string"}}
_LOCATION = {"description": "The address of the version that was made.", "schema": {"type": "string"}}
_CONTENT_LOCATION = {"description": "The address of the version that stands.", "schema": {"type": "string"}}
_RETRY_AFTER = {"description": "Seconds after which to try again.", "schema": {"type": "integer"}}
_WARNING = {"description": "What was accepted and yet deserves a look.", "schema": {"type": "string"}}
_CHALLENGE = {"description": "Which token is wanted (RFC 6750).", "schema": {"type": "string"}}
HEADERS: dict[str, Answer] = {
    "request-id": _REQUEST_ID,
    "last-modified": _LAST_MODIFIED,
    "location": _LOCATION,
    "content-location": _CONTENT_LOCATION,
    "warning": _WARNING,
    "retry-after": _RETRY_AFTER,
    "challenge": _CHALLENGE,
}
# What statuses of failure say besides.
_SAID = {401: ("challenge",), 403: ("challenge",), 429: ("retry-after",), 503: ("retry-after",)}
_NAMES = {
    "request-id": "X-Request-ID",
    "last-modified": "Last-Modified",
    "location": "Location",
    "content-location": "Content-Location",
    "warning": "Warning",
    "retry-after": "Retry-After",
    "challenge": "WWW-Authenticate",
}


def with_body(description: str, schema: Answer, *headers: str) -> Answer:
    """An answer with a FHIR body; `headers` are names of HEADERS beside X-Request-ID, "etag" among them."""
    content = {media_type: {"schema": schema} for media_type in MEDIA_TYPES}
    return {"description": description, "headers": _headers(headers), "content": content}


def without_body(description: str, *headers: str) -> Answer:
    """An answer that says all with its status and headers."""
    return {"description": description, "headers": _headers(headers)}


def errors() -> dict[str, Answer]:
    """The component responses: every error the service knows, each an OperationOutcome."""
    return {str(status): _error(status) for status in _TEXTS}


def with_json(description: str, schema: Answer) -> Answer:
    """An answer of a protocol that is not FHIR."""
    return {"description": description, "headers": _headers(()), "content": {PLAIN_JSON: {"schema": schema}}}


def text_of(status: int) -> str:
    """What a status of failure means."""
    return _TEXTS[status]


def responses(
    answers: dict[int, Answer],
    statuses: Iterable[int],
    scenarios: Iterable[Scenario],
    always: Iterable[int] = ALWAYS,
) -> dict[str, Answer]:
    """The responses of an operation, with the answers of its scenarios as examples."""
    told = list(scenarios)
    failing = [status for status in (*statuses, *always) if status not in answers]
    found = {status: answers.get(status) or _error(status) for status in (*answers, *failing)}
    shown = {each.status for each in told} | answers.keys()
    return {
        str(status): _with_examples(answer, [each for each in told if each.status == status])
        if status in shown
        else {"$ref": f"#/components/responses/{status}"}
        for status, answer in sorted(found.items())
    }


def _error(status: int) -> Answer:
    return with_body(_TEXTS[status], ref("OperationOutcome"), *_SAID.get(status, ()))


def _headers(names: Iterable[str]) -> Answer:
    shown: Answer = {"ETag": _ETAG} if "etag" in names else {}
    for name in (*names, "request-id"):
        if name in _NAMES:
            shown[_NAMES[name]] = {"$ref": f"#/components/headers/{name}"}
    return shown


def _with_examples(answer: Answer, scenarios: list[Scenario]) -> Answer:
    bodies = {each.name: {"summary": each.summary, "value": each.answer} for each in scenarios if each.answer}
    etags = {each.name: {"summary": each.summary, "value": each.etag} for each in scenarios if each.etag}
    shown = dict(answer)
    if bodies and "content" in shown:
        content = shown["content"]
        first, *others = content
        shown["content"] = {first: content[first] | {"examples": bodies}} | {name: content[name] for name in others}
    if etags and "ETag" in shown["headers"]:
        shown["headers"] = shown["headers"] | {"ETag": _ETAG | {"examples": etags}}
    return shown
