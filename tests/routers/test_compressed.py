"""Compression, both ways: https://www.rfc-editor.org/rfc/rfc9110#section-8.4"""

import gzip
import json
import zlib

import pytest

from tests.conftest import running
from tests.record.examples import create, issue, name, practitioner

LONG = "x" * 3_000


async def test_a_long_answer_is_compressed_for_who_accepts_that(client):
    stored = await create(client, practitioner(qualification=[{"code": {"text": LONG}}]))
    plain = await client.get(f"/{name(stored)}", headers={"Accept-Encoding": "identity"})
    packed = await client.get(f"/{name(stored)}", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < len(plain.content)
    assert packed.json() == plain.json()
    assert packed.headers["ETag"] == plain.headers["ETag"] == 'W/"1"'
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0, identity", "identity"])
async def test_who_does_not_accept_gzip_does_not_get_it(client, accepted):
    response = await client.get("/metadata", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert response.json()["resourceType"] == "CapabilityStatement"


async def test_a_short_answer_is_sent_as_it_is(client):
    stored = await create(client, practitioner())
    response = await client.get(f"/{name(stored)}", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


async def test_compression_can_be_switched_off(module_database_url):
    async with running(module_database_url, compress_from=0) as client:
        response = await client.get("/metadata", headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in response.headers


async def test_a_compressed_body_is_read(client):
    body = gzip.compress(json.dumps(practitioner(active=True)).encode())
    response = await client.post("/Practitioner", content=body, headers={"Content-Encoding": "gzip"})
    assert response.status_code == 201
    assert response.json()["active"] is True


async def test_a_compressed_form_is_read(client):
    sent = {"Content-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}
    response = await client.post("/Practitioner/_search", content=gzip.compress(b"_id=nobody", mtime=0), headers=sent)
    assert (response.status_code, response.json()["total"]) == (200, 0)


async def test_what_unpacks_to_more_than_a_body_may_be_is_too_large(client):
    bomb = gzip.compress(b" " * 100_000_000, mtime=0)
    response = await client.post("/Practitioner", content=bomb, headers={"Content-Encoding": "gzip"})
    assert response.status_code == 413
    assert issue(response)["code"] == "too-long"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        gzip.compress(b"{}", mtime=0)[:-4],
        gzip.compress(b"{}", mtime=0) + b"more",
        gzip.compress(b"{}", mtime=0) * 2,
        zlib.compress(b"{}"),
        gzip.compress(b'{"resourceType":"Practitioner"}', mtime=0)[:10] + b"\xff" * 20,
    ],
)
async def test_a_body_that_is_no_gzip_is_a_bad_request(client, body):
    response = await client.post("/Practitioner", content=body, headers={"Content-Encoding": "gzip"})
    assert response.status_code == 400
    assert issue(response)["diagnostics"] == "The body is not sound gzip."
