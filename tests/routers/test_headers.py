"""Headers of NHS APIs: https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir"""

from uuid import UUID

import pytest

from tests.record.examples import create, issue, name, organization, practitioner

REQUEST_ID = "60e0b220-8136-4ca5-ae46-1d97ef59d068"
PATHS = ["/Practitioner", "/Practitioner/nobody", "/nothing/at/all", "/metadata", "http://kith.test/_ping"]


@pytest.mark.parametrize("sent", [REQUEST_ID, REQUEST_ID.upper(), REQUEST_ID.replace("-", "")])
@pytest.mark.parametrize("path", PATHS)
async def test_the_request_id_is_mirrored_as_it_was_sent(client, path, sent):
    response = await client.get(path, headers={"X-Request-ID": sent})
    assert response.headers["X-Request-ID"] == sent


@pytest.mark.parametrize("path", PATHS)
async def test_a_request_without_an_id_gets_one(client, path):
    first, second = await client.get(path), await client.get(path)
    assert UUID(first.headers["X-Request-ID"]) != UUID(second.headers["X-Request-ID"])


@pytest.mark.parametrize(
    "sent",
    ["", "1", "not-a-uuid", REQUEST_ID + "0", REQUEST_ID[:-1], "{" + REQUEST_ID + "}", f" {REQUEST_ID} x", "g" * 32],
)
@pytest.mark.parametrize("path", PATHS)
async def test_a_malformed_request_id_is_refused(client, path, sent):
    response = await client.get(path, headers={"X-Request-ID": sent})
    assert response.status_code == 400
    assert "X-Request-ID" in issue(response)["diagnostics"]
    UUID(response.headers["X-Request-ID"])


@pytest.mark.parametrize("sent", ["", "x" * 201, b"\xfc"])
async def test_under_authzen_what_is_no_plain_text_is_refused_and_told_so(client, sent):
    response = await client.post("http://kith.test/access/v1/evaluation", json={}, headers={"X-Request-ID": sent})
    assert response.status_code == 400
    assert issue(response)["diagnostics"] == "X-Request-ID is up to 200 printable ASCII characters."


async def test_a_malformed_request_id_stops_a_write(client):
    before = (await client.get("/Practitioner?_summary=count")).json()["total"]
    response = await client.post("/Practitioner", json=practitioner(), headers={"X-Request-ID": "1"})
    assert response.status_code == 400
    assert (await client.get("/Practitioner?_summary=count")).json()["total"] == before


@pytest.mark.parametrize("sent", ["11C46F5F-CDEF-4865-94B2-0EE0EDCC26DA", "any text up to 200", "x" * 200])
async def test_the_correlation_id_is_mirrored(client, sent):
    for path in PATHS:
        response = await client.get(path, headers={"X-Correlation-ID": sent})
        assert response.headers["X-Correlation-ID"] == sent


async def test_no_correlation_id_is_made_up(client):
    assert "X-Correlation-ID" not in (await client.get("/metadata")).headers


@pytest.mark.parametrize("sent", ["", "x" * 201, b"\xff\xfe", b"a\tb"])
async def test_a_correlation_id_that_is_no_plain_text_is_refused_and_not_mirrored(client, sent):
    response = await client.get("/metadata", headers={"X-Correlation-ID": sent})
    assert response.status_code == 400
    assert "X-Correlation-ID" in issue(response)["diagnostics"]
    assert "X-Correlation-ID" not in response.headers


@pytest.mark.parametrize("name", ["NHSD-End-User-Organisation-ODS", "NHSD-Session-URID"])
@pytest.mark.parametrize("sent", ["", "x" * 201, b"\xc3\xa9"])
async def test_a_caller_that_is_no_plain_text_is_refused(client, name, sent):
    response = await client.get("/Practitioner", headers={name: sent})
    assert response.status_code == 400
    assert name in issue(response)["diagnostics"]


async def test_the_address_of_the_service_is_the_one_the_caller_used(client):
    response = await client.post("/Practitioner", json=practitioner(), headers={"Host": "other.example:8443"})
    assert response.headers["Location"].startswith("http://other.example:8443/FHIR/R4/Practitioner/")


@pytest.mark.parametrize("host", ["a b", "evil.example/path?", "<script>", "x" * 300, "", "[::1]evil"])
async def test_a_host_that_is_none_is_not_repeated(client, host):
    response = await client.post("/Practitioner", json=practitioner(), headers={"Host": host})
    assert response.status_code == 201
    assert response.headers["Location"].startswith("http://localhost/FHIR/R4/Practitioner/")


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("PUT", "/Organization/x", "If-None-Exist"),
        ("PUT", "/Organization?name=x", "If-Unmodified-Since"),
        ("PATCH", "/Organization/x", "If-None-Match"),
        ("PATCH", "/Organization?name=x", "If-None-Exist"),
        ("DELETE", "/Organization/x", "If-None-Match"),
        ("DELETE", "/Organization?name=x", "If-Unmodified-Since"),
        ("POST", "/Organization", "If-Match"),
        ("POST", "/Organization", "If-None-Match"),
        ("POST", "", "If-Match"),
        ("POST", "", "If-None-Exist"),
    ],
)
async def test_a_precondition_that_a_write_does_not_know_is_refused(client, method, path, name):
    response = await client.request(method, path, json={}, headers={name: 'W/"1"'})
    assert response.status_code == 400
    assert issue(response)["diagnostics"].startswith(f"{name} has no meaning for this {method}; ")


async def test_several_lines_of_if_match_are_one_list(client):
    stored = await create(client, organization())
    lines = [("If-Match", 'W/"7"'), ("If-Match", 'W/"1"')]
    assert (await client.put(f"/{name(stored)}", json=stored, headers=lines)).status_code == 200
    assert (await client.put(f"/{name(stored)}", json=stored, headers=lines)).status_code == 412
