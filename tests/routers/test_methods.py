"""HEAD, OPTIONS and Allow: https://www.rfc-editor.org/rfc/rfc9110#section-9"""

import pytest

from tests.audited import settled
from tests.record.examples import create, issue, name, practitioner

SITE = "http://kith.test"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/metadata", "GET"),
        ("/_history", "GET"),
        ("/Patient", "GET POST PUT PATCH DELETE"),
        ("/Patient/_search", "POST"),
        ("/Patient/_history", "GET"),
        ("/Patient/1", "GET PUT PATCH DELETE"),
        ("/Patient/1/_history", "GET"),
        ("/Patient/1/_history/1", "GET"),
        ("/Consent/$check-sharing", "GET POST"),
        ("/Consent/1/$withdraw", "POST"),
        ("/Patient/1/$tell-nobody", "POST"),
        ("/AuditEvent", "GET"),
        ("/AuditEvent/1", "GET"),
        ("/AuditEvent/_search", "POST"),
        ("/CodeSystem", "GET"),
        ("/CodeSystem/x", "GET"),
        ("/CodeSystem/_search", "POST"),
        (f"{SITE}/_ping", "GET"),
        (f"{SITE}/docs", "GET"),
        (f"{SITE}/access/v1/evaluation", "POST"),
    ],
)
async def test_options_tells_the_methods_of_each_path(client, path, methods):
    response = await client.options(path)
    assert (response.status_code, response.content) == (204, b"")
    told = set(response.headers["Allow"].split(", "))
    expected = {*methods.split(), "OPTIONS", *(["HEAD"] if "GET" in methods else [])}
    assert told == expected
    assert ("Accept-Patch" in response.headers) == ("PATCH" in told)


async def test_options_of_nothing_is_not_found(client):
    assert (await client.options(f"{SITE}/nothing/at/all")).status_code == 404


async def test_head_is_answered_like_get_without_a_body(client):
    stored = await create(client, practitioner())
    for path in (f"/{name(stored)}", f"/{name(stored)}/_history/1", "/metadata", f"{SITE}/_ping"):
        got, headed = await client.get(path), await client.head(path)
        assert (headed.status_code, headed.content) == (200, b"")
        for header in ("etag", "last-modified", "content-type", "content-length"):
            assert headed.headers.get(header) == got.headers.get(header)
        assert "x-request-id" in headed.headers


@pytest.mark.parametrize("path", ["/Practitioner", "/Practitioner/_history", "/_history?_count=1"])
async def test_head_of_a_bundle_has_no_body_either(client, path):
    response = await client.head(path)
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["content-length"]) > 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/Practitioner/nobody", 404),
        ("/Practitioner?nonsense=1", 400),
        ("/Practitioner/_search", 405),
        ("/Consent/1/$withdraw", 405),
        ("/Practitioner?_format=xml", 406),
    ],
)
async def test_a_head_that_fails_has_the_status_of_the_get_and_no_body(client, path, status):
    response = await client.head(path)
    assert (response.status_code, response.content) == (status, b"")
    assert (await client.get(path)).status_code == status


async def test_head_knows_what_the_caller_has(client):
    stored = await create(client, practitioner())
    response = await client.head(f"/{name(stored)}", headers={"If-None-Match": 'W/"1"'})
    assert response.status_code == 304


async def events(client, query):
    await settled(client)
    found = (await client.get(f"/AuditEvent?{query}")).json()
    return [entry["resource"] for entry in found.get("entry", [])]


async def test_a_head_is_on_record_as_a_read(client):
    stored = await create(client, practitioner())
    await client.head(f"/{name(stored)}")
    assert (await events(client, f"entity={name(stored)}"))[0]["subtype"][0]["code"] == "read"


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("PUT", "/Patient/1/_history", {}, 405),
        ("DELETE", "/AuditEvent/1", {}, 405),
        ("GET", "/Patient/1", {"Accept": "application/fhir+xml"}, 406),
        ("POST", "/Patient", {"Content-Type": "text/plain"}, 415),
        ("PATCH", "/Patient/1", {"Content-Type": "text/plain"}, 415),
    ],
)
async def test_what_no_interaction_heard_of_is_on_record(client, method, path, headers, status):
    refused = await client.request(method, path, headers=headers, content=b"{}")
    assert refused.status_code == status
    assert issue(refused)["code"] == "not-supported"
    newest = (await events(client, "_count=5"))[0:2]
    assert any(issue(refused)["diagnostics"] in each.get("outcomeDesc", "") for each in newest)
