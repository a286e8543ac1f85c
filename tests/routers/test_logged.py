"""What a line of the log tells, and what none does: tokens, assertions, passwords, and lines of a caller's making."""

import json
import logging

import pytest

from app.security import keys
from tests.conftest import running
from tests.record.examples import create, practitioner
from tests.security.tokens import ROOT, Registered, ask, bearer, register

PASSWORD = "very-secret-word"
REQUEST_ID = "60e0b220-8136-4ca5-ae46-1d97ef59d068"


def lines(written):
    for handler in logging.getLogger("kith.access").handlers:
        handler.flush()
    return written.getvalue().splitlines()


@pytest.mark.parametrize("log_format", ["json"])
async def test_a_request_is_a_line_with_who_asked_what_came_of_it_and_how_long_it_took(module_database_url, written):
    async with running(module_database_url, authentication="on", base_url=ROOT) as client:
        registered = Registered(organisation="RX7")
        await register(module_database_url, registered)
        headers = bearer(await registered.token(client)) | {"X-Request-ID": REQUEST_ID}
        await client.get("/Practitioner/nobody?_pretty=true", headers=headers)
        await client.get("/metadata")
    told = [json.loads(line) for line in lines(written) if '"kith.access"' in line]
    asked, opened = told[-2:]
    assert asked["message"] == "GET /FHIR/R4/Practitioner/nobody"
    assert (asked["status"], asked["request_id"]) == (404, REQUEST_ID)
    assert (asked["client"], asked["organisation"]) == (registered.id, "RX7")
    assert asked["ms"] >= 0
    assert opened["status"] == 200
    assert "client" not in opened


@pytest.mark.parametrize("log_format", ["plain", "json"])
async def test_no_line_holds_a_token_an_assertion_or_a_key(module_database_url, written):
    async with running(module_database_url, authentication="on", base_url=ROOT) as client:
        one, other = Registered(), keys.generate()
        await register(module_database_url, one)
        good, bad = one.assertion(), one.assertion(key=other)
        token = (await ask(client, good)).json()["access_token"]
        await ask(client, bad)
        await ask(client, good)
        for sent in (token, token[:-4], token + "x", f"{token} {token}"):
            await client.get("/Practitioner", headers={"Authorization": f"Bearer {sent}"})
            await client.get(f"/Practitioner/{sent}", headers=bearer(token))
            await client.get("/Practitioner", params={"access_token": sent, "name": sent}, headers=bearer(token))
        await client.get(f"/metadata?client_assertion={good}")
    found = "\n".join(lines(written))
    assert found.count("/oauth2/token") == 3
    for secret in (good, bad, token, one.key["d"], other["d"]):
        assert secret not in found
        assert secret.rpartition(".")[2] not in found


async def test_no_line_of_a_failure_holds_a_token_or_a_password(database_url, written, monkeypatch):
    token = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJraXRoIn0.c2lnbmF0dXJl"

    async def broken(*_):
        raise RuntimeError(f"postgresql://kith:{PASSWORD}@db/kith?password={PASSWORD} {token}")

    monkeypatch.setattr("app.storage.resources.read", broken)
    async with running(database_url) as client:
        assert (await client.get("/Patient/x")).status_code == 500
    found = "\n".join(lines(written))
    assert "RuntimeError: postgresql://kith:[hidden]@db/kith?password=[hidden] [hidden]" in found
    assert PASSWORD not in found
    assert token not in found


@pytest.mark.parametrize(
    "path",
    [
        "/Practitioner/x%0A2026-01-01 INFO kith: all is well",
        "/Practitioner/x%0D%0Aforged",
        "/Practitioner/x status=200 client=somebody",
        "/Practitioner/x%E2%80%A8forged",
        "/Practitioner/%1B[2Jx",
    ],
)
async def test_nobody_writes_lines_of_their_own_into_the_log(client, written, path):
    before = len(lines(written))
    await client.get(path)
    (line,) = [line for line in lines(written)[before:] if "kith.access" in line or "forged" in line]
    assert " GET /FHIR/R4/Practitioner/" in line
    assert line.count(" status=") == line.count(" request_id=") == 1
    assert line.isprintable()


async def test_an_id_of_words_is_one_value_of_its_line(client, written):
    await client.post(
        "http://kith.test/access/v1/evaluation", json={}, headers={"X-Request-ID": "a status=200 client=b"}
    )
    assert 'request_id="a status=200 client=b"' in lines(written)[-1]


async def test_what_is_written_is_not_logged(client, written):
    await create(client, practitioner(name=[{"family": "Verysecretname"}]))
    await client.put("/Practitioner/x", json=practitioner(id="y", name=[{"family": "Verysecretname"}]))
    assert "Verysecretname" not in "\n".join(lines(written))
