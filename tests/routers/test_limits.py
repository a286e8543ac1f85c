"""How much is taken: bodies, headers, addresses, parameters and time."""

import asyncio

import pytest

from app.config import Settings
from app.main import create_app
from tests.conftest import running
from tests.record.examples import issue, practitioner

LIMIT = 5_000


@pytest.fixture(scope="module")
async def small(module_database_url):
    async with running(module_database_url, max_body_bytes=LIMIT, body_timeout=0.05) as connected:
        yield connected


def of_size(size):
    body = b'{"resourceType":"Practitioner"}'
    return body + b" " * (size - len(body))


async def test_a_body_of_the_limit_is_taken(small):
    assert (await small.post("/Practitioner", content=of_size(LIMIT))).status_code == 201


@pytest.mark.parametrize(("method", "path"), [("POST", "/Practitioner"), ("PUT", "/Practitioner/x")])
async def test_a_body_over_the_limit_is_too_large(small, method, path):
    response = await small.request(method, path, content=of_size(LIMIT + 1))
    assert response.status_code == 413
    assert issue(response)["code"] == "too-long"
    assert str(LIMIT) in issue(response)["diagnostics"]


async def test_a_form_over_the_limit_is_too_large(small):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await small.post("/Practitioner/_search", content=b"name=" + b"x" * LIMIT, headers=headers)
    assert response.status_code == 413


async def test_a_body_that_does_not_say_its_length_is_counted(small):
    async def endless():
        while True:
            yield b" " * 1_000

    assert (await small.post("/Practitioner", content=endless())).status_code == 413


@pytest.mark.parametrize("length", ["99999999999999999999999999", "5001"])
async def test_a_body_that_says_it_is_too_large_is_not_waited_for(small, length):
    response = await small.post("/Practitioner", content=b"{}", headers={"Content-Length": length})
    assert response.status_code == 413


@pytest.mark.parametrize("length", ["-1", "x", "", "1e9", b"\xb2"])
async def test_a_length_that_is_none_is_no_failure_of_the_service(small, length):
    response = await small.post("/Practitioner", content=of_size(100), headers={"Content-Length": length})
    assert response.status_code == 201


async def test_a_body_that_does_not_arrive_in_time_is_given_up(small):
    async def stalling():
        yield b"{"
        await asyncio.Event().wait()

    response = await small.post("/Practitioner", content=stalling())
    assert response.status_code == 408
    assert issue(response)["code"] == "timeout"


async def test_a_client_that_vanishes_leaves_nothing(module_database_url):
    app = create_app(Settings(database_url=module_database_url, authentication="off", seal_seconds=0))
    said = []
    messages = iter(
        [
            {"type": "http.request", "body": of_size(100), "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive():
        return next(messages)

    async def send(message):
        said.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": "PUT",
        "path": "/FHIR/R4/Practitioner/vanished",
        "raw_path": b"/FHIR/R4/Practitioner/vanished",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"kith.test"), (b"content-type", b"application/fhir+json")],
        "client": ("127.0.0.1", 1),
        "server": ("kith.test", 80),
    }
    async with app.router.lifespan_context(app):
        await app(scope, receive, send)
    assert all(message.get("status", 400) == 400 for message in said)
    async with running(module_database_url) as client:
        assert (await client.get("/Practitioner/vanished")).status_code == 404


@pytest.mark.parametrize(
    ("version", "hosts", "status"),
    [("1.1", 1, 200), ("1.1", 0, 400), ("1.1", 2, 400), ("1.0", 0, 200), ("1.0", 2, 400)],
)
async def test_a_request_has_one_host(client, version, hosts, status):
    said = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        said.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": version,
        "scheme": "http",
        "method": "GET",
        "path": "/_ping",
        "raw_path": b"/_ping",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"kith.test")] * hosts,
        "client": ("127.0.0.1", 1),
        "server": ("kith.test", 80),
    }
    await client._transport.app(scope, receive, send)
    assert said[0]["status"] == status
    assert (b"Host header" in said[1]["body"]) == (status == 400)


async def test_headers_of_a_megabyte_are_too_large(client):
    response = await client.get("/metadata", headers={"X-Large": "x" * 1_000_000})
    assert response.status_code == 431
    assert issue(response)["code"] == "too-long"


async def test_many_headers_are_too_large_together(client):
    response = await client.get("/metadata", headers={f"X-{number}": "x" * 1_000 for number in range(100)})
    assert response.status_code == 431


async def test_headers_are_counted_too(client):
    few, many = ({f"X-{number}": "" for number in range(count)} for count in (150, 201))
    assert (await client.get("/metadata", headers=few)).status_code == 200
    assert (await client.get("/metadata", headers=many)).status_code == 431


@pytest.mark.parametrize("path", ["/Practitioner?name=", "/Practitioner/"])
async def test_an_address_that_is_too_long_says_so(client, monkeypatch, path):
    monkeypatch.setattr("app.routers.boundary.URL_BYTES", 1_000)
    response = await client.get(path + "x" * 1_000)
    assert response.status_code == 414
    assert issue(response)["code"] == "too-long"


async def test_a_long_id_below_that_is_not_found(client):
    assert (await client.get("/Practitioner/" + "x" * 60_000)).status_code == 404


@pytest.mark.parametrize("count", [51, 1_000, 1_001, 5_000])
async def test_too_many_parameters_are_refused(client, count):
    query = "&".join(f"name={number}" for number in range(count))
    response = await client.get(f"/Practitioner?{query}")
    assert response.status_code == 400
    posted = await client.post(
        "/Practitioner/_search", content=query, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert posted.status_code == 400
    assert issue(posted)["severity"] == "error"


async def test_a_form_may_be_longer_than_an_address(client):
    names = ",".join(f"name{number}" for number in range(8_000))
    response = await client.post(
        "/Practitioner/_search", data={"_id": names}, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert response.status_code in (200, 400)


async def test_a_resource_of_many_elements_within_the_limit_is_stored(client):
    many = practitioner(identifier=[{"system": "urn:x", "value": f"{number}"} for number in range(3_000)])
    response = await client.post("/Practitioner", json=many)
    assert response.status_code == 201
    assert len((await client.get(response.headers["Location"])).json()["identifier"]) == 3_000
