"""What keeps browsers, frames and caches out: https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html"""

import pytest

from app.routers.protected import PROTECTION
from tests.conftest import running
from tests.record.examples import create, name, patient, practitioner

ROOT = "http://kith.test"
PATHS = [
    ("GET", "/Practitioner", 200),
    ("HEAD", "/metadata", 200),
    ("POST", "/Practitioner", 400),
    ("GET", "/Practitioner/nobody", 404),
    ("BREW", "/Practitioner/nobody", 405),
    ("OPTIONS", "/Practitioner", 204),
    ("GET", "/nothing/at/all", 404),
    ("GET", f"{ROOT}/", 404),
    ("GET", f"{ROOT}/_ping", 200),
    ("GET", f"{ROOT}/_status", 200),
    ("GET", f"{ROOT}/openapi.json", 200),
    ("GET", f"{ROOT}/docs", 200),
    ("GET", f"{ROOT}/docs/swagger-ui-bundle.js", 200),
    ("GET", f"{ROOT}/docs/nothing.js", 404),
    ("POST", f"{ROOT}/oauth2/token", 404),
    ("GET", f"{ROOT}/oauth2/jwks", 404),
    ("GET", f"{ROOT}/cds-services", 200),
    ("POST", f"{ROOT}/access/v1/evaluation", 415),
]


def protected(response, but=()):
    """Whether the answer holds each header once, with its value unless it is one of those in `but`."""
    for header, value in PROTECTION:
        sent = response.headers.get_list(header.decode())
        assert len(sent) == 1, (header, sent)
        assert sent == [value.decode()] or header.decode() in but, (header, sent)
    return "server" not in response.headers


@pytest.mark.parametrize(("method", "path", "status"), PATHS)
async def test_every_answer_is_protected(client, method, path, status):
    response = await client.request(method, path)
    assert response.status_code == status
    documentation = path.startswith(f"{ROOT}/docs") or path.endswith("openapi.json")
    own = documentation and status == 200
    assert protected(response, but=("cache-control", "content-security-policy") if own else ())


async def test_what_is_known_already_and_a_failure_inside_are_protected_too(client, monkeypatch):
    stored = await create(client, practitioner())
    known = await client.get(f"/{name(stored)}", headers={"If-None-Match": 'W/"1"'})
    assert known.status_code == 304
    assert protected(known)

    async def broken(*_):
        raise RuntimeError

    monkeypatch.setattr("app.storage.resources.read", broken)
    failed = await client.get(f"/{name(stored)}")
    assert failed.status_code == 500
    assert protected(failed)


async def test_a_record_is_kept_by_no_cache(client):
    stored = await create(client, patient())
    for path in (
        name(stored),
        f"{name(stored)}/_history",
        f"Patient?_id={stored['id']}",
        f"{name(stored)}/$everything",
    ):
        response = await client.get(f"/{path}")
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")


async def test_only_what_is_the_same_for_everybody_may_be_kept(client):
    kept = {}
    for method, path, _ in PATHS:
        said = (await client.request(method, path)).headers["Cache-Control"]
        if said != "no-store":
            kept[path.removeprefix(ROOT)] = said
    assert kept == dict.fromkeys(("/openapi.json", "/docs", "/docs/swagger-ui-bundle.js"), "no-cache")


async def test_a_browser_that_asks_before_it_calls_and_one_without_a_token_are_answered_so_too(module_database_url):
    origin = "https://app.example.org"
    async with running(module_database_url, authentication="on", base_url=ROOT, cors_origins=origin) as client:
        asking = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        preflight = await client.options("/Practitioner", headers=asking)
        assert preflight.status_code == 200
        assert protected(preflight)
        refused = await client.get("/Practitioner")
        assert refused.status_code == 401
        assert protected(refused)
        keys = await client.get(f"{ROOT}/oauth2/jwks")
        assert keys.headers["Cache-Control"] == "max-age=60"
        assert protected(keys, but=("cache-control",))


async def test_browsers_are_told_to_come_by_https_where_it_is_served(module_database_url, client):
    assert "Strict-Transport-Security" not in (await client.get("/metadata")).headers
    async with running(module_database_url, base_url="https://kith.example.org") as public:
        for path in ("/metadata", f"{ROOT}/docs", "/nothing/at/all"):
            assert (await public.get(path)).headers["Strict-Transport-Security"] == "max-age=31536000"
