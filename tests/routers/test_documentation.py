"""The page of the documentation needs nothing from elsewhere."""

import re

import httpx
import pytest

from app.openapi.file import document


@pytest.fixture(autouse=True)
def at_the_root(client: httpx.AsyncClient) -> None:
    client.base_url = httpx.URL("http://kith.test")


async def test_the_page_names_only_files_of_this_service(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "http" not in page.text
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert (await client.get(f"/{address}")).status_code == 200


async def test_the_page_may_load_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/docs")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("start.js", "text/javascript; charset=utf-8"),
        ("favicon.png", "image/png"),
    ],
)
async def test_an_asset_has_its_media_type(client: httpx.AsyncClient, name: str, media_type: str) -> None:
    asset = await client.get(f"/docs/{name}")
    assert asset.headers["content-type"] == media_type
    assert asset.headers["x-content-type-options"] == "nosniff"


async def test_the_document_is_served_as_it_is_kept(client: httpx.AsyncClient) -> None:
    answer = await client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == document()


async def test_the_page_asks_for_a_token_and_the_document_says_where_to_get_one(client: httpx.AsyncClient) -> None:
    schemes = (await client.get("/openapi.json")).json()["components"]["securitySchemes"]
    assert [name for name, scheme in schemes.items() if scheme["type"] == "http"] == ["token"]
    assert "/oauth2/token" in schemes["token"]["description"]
    assert schemes["backendServices"]["flows"]["clientCredentials"]["tokenUrl"] == "/oauth2/token"
    assert 'scheme.type === "http"' in (await client.get("/docs/start.js")).text


async def test_what_a_browser_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/openapi.json")
    again = await client.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fcore.py", "%2e%2e/core.py", "__init__.py", "redoc.standalone.js"])
async def test_no_other_file_of_the_package_can_be_had(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/docs/{name}")
    assert answer.status_code == 404
    assert answer.json()["resourceType"] == "OperationOutcome"
