"""The operations that are about the service itself: what it can do, and how it is."""

from typing import Any

from app.openapi import parameters
from app.openapi.answers import responses, with_body
from app.openapi.operations import ROOT, with_examples
from app.openapi.scenarios import Scenario
from app.openapi.schemas import ref

_STATE = {"enum": ["pass", "warn", "fail"]}
_CHECK = {
    "type": "object",
    "properties": {"status": _STATE, "output": {"type": "string"}},
    "required": ["status"],
}
PING = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("version", "revision", "releaseId", "commitId")},
    "required": ["version", "revision", "releaseId", "commitId"],
}
STATUS = {
    "type": "object",
    "properties": {
        "status": _STATE,
        "checks": {"type": "object", "additionalProperties": {"type": "array", "items": _CHECK}},
    },
    "required": ["status", "checks"],
}
_STATEMENT_SHOWN = ("resourceType", "status", "date", "kind", "fhirVersion", "format", "rest")


def paths(version: str, statement: dict[str, Any]) -> dict[str, Any]:
    """/metadata (its example cut to its first resource type), /_ping and /_status."""
    return {
        f"{ROOT}/metadata": {"get": _metadata(statement)},
        f"{ROOT}/_history": {"get": _history()},
        "/_ping": {"get": _ping(version)},
        "/_status": {"get": _status()},
    }


def _metadata(statement: dict[str, Any]) -> dict[str, Any]:
    shown = {name: statement[name] for name in _STATEMENT_SHOWN}
    rest = statement["rest"][0]
    shown["rest"] = [
        rest | {"resource": [rest["resource"][0] | {"searchParam": rest["resource"][0]["searchParam"][:1]}]}
    ]
    answer = with_body("The CapabilityStatement.", ref("CapabilityStatement"))
    answer["content"]["application/fhir+json"]["examples"] = {"found": {"summary": "An excerpt", "value": shown}}
    return {
        "operationId": "capabilities",
        "summary": "What the service can do",
        "description": "The CapabilityStatement: types, interactions and search parameters, exactly as they work.",
        "tags": ["Service"],
        "parameters": parameters.common(),
        "responses": responses({200: answer}, (), ()),
    }


def _history() -> dict[str, Any]:
    url = f"{ROOT}/_history?_count=0"
    links = [{"relation": relation, "url": url} for relation in ("self", "first")]
    shown = {"resourceType": "Bundle", "type": "history", "total": 412, "link": links}
    told = [Scenario("counted", "How many versions there are", 200, query={"_count": 0}, answer=shown)]
    asked = [*parameters.HISTORY, *parameters.common()]
    return {
        "operationId": "systemHistory",
        "summary": "The history of everything",
        "description": "Every version of every record, deletions included. It takes the scope system/*.s.",
        "tags": ["Service"],
        "parameters": [with_examples(each, told) for each in asked],
        "responses": responses({200: with_body("A page of versions, the newest first.", ref("Bundle"))}, (), told),
    }


def _ping(version: str) -> dict[str, Any]:
    value = {"version": version, "revision": "9d1c2f0", "releaseId": "example", "commitId": "9d1c2f0"}
    return _plain(
        "ping", "That the service runs, and which release", {200: _json("It runs.", "PingAnswer", {"found": value})}
    )


def _status() -> dict[str, Any]:
    value = {"status": "pass", "checks": {"database": [{"status": "pass"}], "audit": [{"status": "pass"}]}}
    answers = {
        200: _json("It can do its work; warn: not for long.", "StatusAnswer", {"found": value}),
        503: _json("It cannot do its work.", "StatusAnswer", {}),
    }
    return _plain("status", "Whether the service can do its work", answers)


def _plain(name: str, summary: str, answers: dict[int, Any]) -> dict[str, Any]:
    failures = {str(status): {"$ref": f"#/components/responses/{status}"} for status in (400, 414, 431, 500)}
    return {
        "operationId": name,
        "summary": summary,
        "tags": ["Service"],
        "parameters": [each for each in parameters.common() if "$ref" in each and each["$ref"].endswith("-id")],
        "responses": {str(status): answer for status, answer in answers.items()} | failures,
    }


def _json(description: str, schema: str, examples: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": ref(schema)}
    if examples:
        content["examples"] = {name: {"value": value} for name, value in examples.items()}
    headers = {"X-Request-ID": {"$ref": "#/components/headers/request-id"}}
    return {"description": description, "headers": headers, "content": {"application/json": content}}
