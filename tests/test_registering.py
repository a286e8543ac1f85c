"""`kith client`: who is registered, with which keys, and what is refused."""

import asyncio
import json

import pytest
from typer.testing import CliRunner

from app.cli import kith
from app.fhir import structure
from app.security import keys
from tests.callers import acting, granted
from tests.conftest import running
from tests.fhir.rules import STRICT
from tests.security.tokens import rsa

pytestmark = pytest.mark.usefixtures("logging_as_it_was")

OPTIONS = ("--organisation", "RX1", "--scopes", "system/Consent.rs kith/check")


@pytest.fixture
def run(module_database_url):
    def command(*arguments):
        return CliRunner(env={"KITH_DATABASE_URL": module_database_url}).invoke(kith, ["client", *map(str, arguments)])

    return command


@pytest.fixture
def jwks(tmp_path):
    def written(*found):
        file = tmp_path / "jwks.json"
        file.write_text(json.dumps({"keys": list(found)}))
        return file

    return written


def refused(ended, *words):
    assert ended.exit_code in (1, 2), ended.output
    for word in words:
        assert word in ended.stderr, ended.stderr


def test_a_client_is_registered_listed_given_new_keys_and_disabled(run, jwks):
    first, second = keys.public(keys.generate()), keys.public(keys.generate())
    added = run("add", "EPR", *OPTIONS, "--sees", "rx2, RX3", "--jwks", jwks(first))
    assert added.exit_code == 0, added.output
    id_ = added.stdout.strip()
    listed = run("list").output
    for word in (id_, "EPR", "for RX1, sees RX2, RX3", "system/Consent.rs kith/check", first["kid"]):
        assert word in listed
    assert run("rotate", "EPR", "--jwks", jwks(second), "--grace", 10).exit_code == 0
    assert second["kid"] in run("list").output
    assert run("disable", id_).exit_code == 0
    assert "(disabled)" in run("list").output
    refused(run("add", "EPR", *OPTIONS), "there is a client EPR")
    refused(run("disable", "nobody"), "there is no client nobody")


def test_an_auditor_finds_what_was_done_to_registrations(run, jwks, module_database_url):
    id_ = run("add", "Audited", *OPTIONS).stdout.strip()
    run("rotate", id_, "--jwks", jwks(keys.public(keys.generate())))
    run("disable", id_)

    async def found():
        async with running(module_database_url) as client, acting(client, granted("kith/audit")) as auditor:
            asked = {"type": "http://dicom.nema.org/resources/ontology/DCM|110113", "subtype": "110137"}
            return (await auditor.get("/AuditEvent", params=asked)).json()

    events = [entry["resource"] for entry in asyncio.run(found())["entry"]]
    about = [event for event in events if "Audited" in event["outcomeDesc"]]
    assert [event["action"] for event in about] == ["U", "U", "C"]
    assert all(event["agent"][-1]["name"].startswith("kith client") for event in about)
    registered = {"system": "https://fhir.kith.example/Id/client", "value": id_}
    assert all(event["entity"][0]["what"] == {"identifier": registered} for event in about)
    assert all(structure.check(event, STRICT).issues == () for event in about)


def test_a_patient_facing_client_is_about_one_patient(run):
    added = run("add", "App", *OPTIONS, "--facing", "patient", "--patient", "anna")
    assert added.exit_code == 0, added.output
    assert "patient-facing, Patient/anna" in run("list").output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--organisation", "R X"), "no ODS code"),
        (("--sees", "RX2,rx-3"), "no ODS code"),
        (("--scopes", "system/Consent.read"), "no scope of this service"),
        (("--scopes", ""), "at least one scope"),
        (("--scopes", "system/Observation.r"), "this service has no Observation"),
        (("--scopes", "system/Consent.r?nonsense=1"), "nonsense cannot narrow"),
        (("--scopes", "system/Consent.r?date=2026"), "date cannot narrow"),
        (("--scopes", "system/Consent.r?status="), "status has no value"),
        (("--scopes", "system/AuditEvent.r"), "kith/audit"),
        (("--facing", "patient"), "needs the id of its Patient"),
        (("--facing", "carer", "--patient", "a", "--scopes", "kith/restrictions"), "cannot have kith/restrictions"),
        (("--patient", "a"), "only a patient- or carer-facing client"),
        (("--facing", "robot"), "robot"),
        (("--id", "a b"), "the id is"),
    ],
)
def test_what_is_no_registration_is_refused_with_the_reason(run, options, words):
    refused(run("add", "Wrong", *OPTIONS, *options), words)
    assert "Wrong" not in run("list").output


def weak():
    return keys.public(rsa("RS384", bits=1024))


def changed(**members):
    return {**keys.public(keys.generate()), **members}


@pytest.mark.filterwarnings("ignore:Key size")  # joserfc warns of the weak key that is to be refused
@pytest.mark.parametrize(
    ("found", "words"),
    [
        (keys.generate, "it is private"),
        (rsa, "it is private"),
        (weak, "weak"),
        (lambda: {"kty": "oct", "k": "c2VjcmV0", "kid": "a"}, "private"),
        (lambda: {"kty": "oct", "kid": "a"}, "neither RSA nor EC"),
        (lambda: changed(crv="P-256"), "neither RSA nor EC"),
        (lambda: changed(kid=""), "needs a kid"),
        (lambda: changed(kid="a" * 200), "needs a kid"),
        (lambda: changed(kid=["a"]), "needs a kid"),
        (lambda: changed(use="enc"), "not for signatures"),
        (lambda: changed(alg="HS256"), "its alg"),
        (lambda: changed(alg="RS384"), "its alg"),
        (lambda: changed(x="AAAA"), "malformed"),
        (lambda: changed(x=7), "malformed"),
        (lambda: {"kty": "RSA", "kid": "a", "n": "A" * 20_000, "e": "AQAB"}, "malformed, or weak"),
    ],
)
def test_keys_that_are_private_weak_or_wrong_are_refused(run, jwks, found, words):
    refused(run("add", "Keys", *OPTIONS, "--jwks", jwks(found())), words)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": []}', '{"keys": [1]}', "{" * 100_000, '{"keys": {}}'])
def test_what_is_no_set_of_keys_is_refused(run, tmp_path, text):
    file = tmp_path / "jwks.json"
    file.write_text(text)
    refused(run("add", "Keys", *OPTIONS, "--jwks", file), "the file is")


def test_two_keys_of_one_name_are_refused(run, jwks):
    one, other = keys.public(keys.generate()), keys.public(keys.generate())
    refused(run("add", "Keys", *OPTIONS, "--jwks", jwks(one, {**other, "kid": one["kid"]})), "the same kid")


def test_a_key_is_not_written_over(run, tmp_path):
    assert run("key", "epr", "--to", tmp_path).exit_code == 0
    refused(run("key", "epr", "--to", tmp_path), "cannot be written")


def test_the_private_key_is_marked_as_the_one_that_signs_and_the_public_one_as_the_one_that_verifies(run, tmp_path):
    """By which libraries for SMART choose the key of a set: https://www.rfc-editor.org/rfc/rfc7517#section-4.3"""
    printed = run("key", "marked", "--to", tmp_path).stdout
    private = json.loads((tmp_path / "marked.private.jwk.json").read_text())
    (public,) = json.loads(printed[printed.index("{") :])["keys"]
    assert private["key_ops"] == ["sign"]
    assert public == {**{name: value for name, value in private.items() if name != "d"}, "key_ops": ["verify"]}
