"""Scripts of other origins: https://fetch.spec.whatwg.org/#http-cors-protocol"""

import pytest

from tests.conftest import running
from tests.record.examples import create, name, practitioner

APP = "https://app.example.org"
ASKING = {
    "Origin": APP,
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization, content-type, if-match, x-request-id",
}


@pytest.fixture
async def open_to_app(module_database_url):
    async with running(module_database_url, cors_origins=f"{APP} https://other.example.org") as client:
        yield client


async def test_nobody_is_let_in_unless_a_setting_says_so(client):
    stored = await create(client, practitioner())
    response = await client.get(f"/{name(stored)}", headers={"Origin": APP})
    assert not any(header.startswith("access-control") for header in response.headers)


async def test_an_origin_that_is_named_may_ask_what_it_may_do(open_to_app):
    response = await open_to_app.options("/Practitioner/1", headers=ASKING)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == APP
    assert "PATCH" in response.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in response.headers


async def test_scripts_of_a_named_origin_can_read_versions_and_refusals(open_to_app):
    stored = await create(open_to_app, practitioner())
    for path in (name(stored), "Practitioner/nobody"):
        response = await open_to_app.get(f"/{path}", headers={"Origin": APP})
        assert response.headers["Access-Control-Allow-Origin"] == APP
        assert {"ETag", "Location", "X-Request-ID"} <= set(
            response.headers["Access-Control-Expose-Headers"].split(", ")
        )


async def test_another_origin_is_not_let_in(open_to_app):
    refused = await open_to_app.options("/Practitioner/1", headers=ASKING | {"Origin": "https://evil.example.org"})
    assert refused.status_code == 400
    response = await open_to_app.get("/Practitioner", headers={"Origin": "https://evil.example.org"})
    assert "Access-Control-Allow-Origin" not in response.headers
