"""Every example of the document, sent to the service in the document's order: it answers as the document says."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import asyncpg
import httpx
import pytest

from app import sandbox
from app.demo.load import load_with
from app.demo.resources import demo
from app.openapi.administration import SAMPLE
from app.security.client import Client
from app.security.scopes import PRIVILEGED
from app.storage import clients
from tests.callers import acting, granted
from tests.conftest import running
from tests.openapi.examples import Example, alone, examples
from tests.openapi.kept import DOCUMENT

# Addresses of the service, ids that it chose, the number of an audit row, and times of asking, in a search too.
VARYING = re.compile(
    r"^http://(kith\.test|127\.0\.0\.1:8000)|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|AuditEvent/[0-9]+"
    r"|^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$|^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"
    r"|(?<==[a-z]{2})\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
)
BAD = 400
CHANGING = ("id", "versionId", "lastUpdated", "total", "url", "fullUrl", "diagnostics", "lastModified", "recorded")


@pytest.fixture(scope="module")
async def service(module_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service that holds the demo, with the scopes of the sandbox."""
    async with running(module_database_url, authentication="on") as anybody:
        as_sandbox = granted(str(PRIVILEGED), organisation=sandbox.ORGANISATION)
        client = acting(anybody, replace(as_sandbox, client=sandbox.ID, client_name=sandbox.ID))
        client.base_url = httpx.URL("http://kith.test")
        await registered(module_database_url, SAMPLE)
        report = await load_with(client, list(demo()), lambda done, total: None)
        assert report.problem == ""
        yield client


async def registered(url: str, client: Client) -> None:
    connection = await asyncpg.connect(url)
    await clients.add(connection, client)
    await connection.close()


def _shape(value: Any) -> Any:
    """The value without what differs from one run to the next, the order of matches among it."""
    if isinstance(value, list):
        return [_shape(each) for each in sorted(value, key=_id)]
    if isinstance(value, dict):
        return {name: "..." if name in CHANGING else _shape(each) for name, each in value.items()}
    return VARYING.sub("...", value) if isinstance(value, str) else value


def _without_rest(statement: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name != "rest"}


def _id(value: Any) -> str:
    return str(value.get("resource", {}).get("id", "")) if isinstance(value, dict) else ""


@pytest.mark.parametrize("example", list(examples(DOCUMENT)), ids=str)
async def test_an_example_is_answered_as_the_document_shows(service: httpx.AsyncClient, example: Example) -> None:
    if (example.operation, example.status) == ("token", 200):
        pytest.skip(
            "an assertion is good for five minutes, so none can be shown: the script of docs/client.md gets a token"
        )
    headers = example.headers | ({"Content-Type": example.media_type} if example.media_type else {})
    sent: dict[str, Any] = {}
    if "form" in example.media_type:
        sent = {"data": example.body}
    elif example.body is not None:
        sent = {"content": json.dumps(example.body)}
    path = await _kept(service) if example.operation == "readAuditEvent" and example.status < BAD else example.path
    answer = await service.request(example.method, path, params=example.query, headers=headers, **sent)
    assert answer.status_code == example.status, answer.text
    assert answer.headers.get("etag", "") == example.etag or not example.etag
    if example.answer is None:
        assert answer.content == b""
    elif example.operation in ("tokenKeys", "smartConfiguration"):
        assert answer.json().keys() >= example.answer.keys()
    elif example.operation == "capabilities":
        assert {name: answer.json()[name] for name in example.answer if name != "rest"} == _without_rest(example.answer)
        shown, first = example.answer["rest"][0]["resource"][0], answer.json()["rest"][0]["resource"][0]
        assert first == shown | {"searchParam": first["searchParam"]}
    elif example.operation in ("ping", "status"):
        assert answer.json().keys() == example.answer.keys()
    else:
        assert _shape(answer.json()) == _shape(example.answer)


async def _kept(service: httpx.AsyncClient) -> str:
    """The address of the AuditEvent of the check that the document shows one of: its id is the trail's to choose."""
    checks = (each for each in examples(DOCUMENT) if each.operation == "checkSharingByGet" and each.name == "permit")
    asked = next(checks)
    answer = await service.get(asked.path, params=asked.query)
    named = next(part for part in answer.json()["parameter"] if part["name"] == "auditEvent")
    return f"/FHIR/R4/{named['valueReference']['reference']}"


@pytest.mark.parametrize(("path", "name", "value"), list(alone(DOCUMENT)))
async def test_a_parameter_is_understood_with_the_value_it_shows(
    service: httpx.AsyncClient, path: str, name: str, value: Any
) -> None:
    for method in ("GET", "POST"):
        pairs = {name: value}
        sent = {"params": pairs} if method == "GET" else {"data": pairs}
        headers = {} if method == "GET" else {"Content-Type": "application/x-www-form-urlencoded"}
        url = path if method == "GET" else f"{path}/_search"
        answer = await service.request(method, url, headers=headers, **sent)
        assert answer.status_code == 200, answer.text
        assert answer.json()["type"] == "searchset"
