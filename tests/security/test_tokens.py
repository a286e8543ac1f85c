"""From a registered key to an authorised call: the token endpoint, and what its tokens open."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from app.security import keys
from app.security.client import Key
from app.storage import clients
from app.storage.pool import Database
from tests.conftest import running
from tests.record.examples import create, issue, patient
from tests.security.tokens import ROOT, Registered, ask, bearer, errors, register, rsa

pytestmark = pytest.mark.usefixtures("registered")
OPEN = [
    "/FHIR/R4/metadata",
    "/FHIR/R4/metadata/",
    "/FHIR/R4/.well-known/smart-configuration",
    "/.well-known/smart-configuration",
    "/.well-known/authzen-configuration",
    "/oauth2/jwks",
    "/_ping",
    "/openapi.json",
    "/docs",
    "/docs/swagger-ui.css",
]
CLOSED = [
    ("GET", "/FHIR/R4/Consent"),
    ("GET", "/FHIR/R4/Consent/x"),
    ("POST", "/FHIR/R4/Consent"),
    ("GET", "/FHIR/R4/AuditEvent"),
    ("GET", "/FHIR/R4/Consent/$check-sharing"),
    ("POST", "/access/v1/evaluation"),
    ("GET", "/cds-services"),
    ("GET", "/_status"),
    ("GET", "/FHIR/R4/Consent/"),
    ("GET", "/FHIR/R4/metadata//"),
    ("GET", "/docs/swagger-ui.css/"),
    ("GET", "//FHIR/R4/metadata"),
    ("GET", "/FHIR/R4/StructureDefinition"),
    ("GET", "/docs%2f..%2fFHIR/R4/Consent"),
    ("GET", "/nothing/here"),
    ("OPTIONS", "/FHIR/R4/Consent"),
]


async def test_a_token_opens_what_its_scopes_say(secured, registered):
    answer = await ask(secured, registered.assertion(), "system/Patient.cr system/Nonsense.q kith/audit")
    assert answer.status_code == 200
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("bearer", 300, "system/Patient.cr")
    headers = bearer(body["access_token"])
    stored = await secured.post("/Patient", json=patient(), headers=headers)
    assert stored.status_code == 201
    assert (await secured.get(f"/Patient/{stored.json()['id']}", headers=headers)).status_code == 200
    refused = await secured.get("/Consent/x", headers=headers)
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]


@pytest.mark.parametrize("algorithm", ["RS384", "RS512"])
async def test_clients_sign_with_rsa_too(secured, module_database_url, algorithm):
    one = Registered(key=rsa(algorithm))
    await register(module_database_url, one)
    assert (await ask(secured, one.assertion())).status_code == 200


async def test_without_scope_all_that_is_registered_is_given(secured, registered):
    answer = await ask(secured, registered.assertion())
    assert answer.json()["scope"] == registered.scopes


@pytest.mark.parametrize("path", OPEN)
async def test_what_says_how_to_get_a_token_takes_none(secured, path):
    assert (await secured.get(ROOT + path)).status_code == 200


@pytest.mark.parametrize(("method", "path"), CLOSED)
async def test_everything_else_takes_a_token(secured, method, path):
    refused = await secured.request(method, ROOT + path)
    assert refused.status_code == 401, refused.text
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="kith"'
    assert issue(refused)["code"] == "login"


async def test_the_published_keys_verify_the_tokens(secured, registered):
    published = (await secured.get(f"{ROOT}/oauth2/jwks")).json()
    assert all("d" not in key for key in published["keys"])
    token = jwt.decode(await registered.token(secured), KeySet.import_key_set(published), algorithms=["ES256"])
    assert token.header["typ"] == "at+jwt"
    assert (token.claims["iss"], token.claims["client_id"]) == (ROOT, registered.id)
    configuration = (await secured.get(f"{ROOT}/FHIR/R4/.well-known/smart-configuration")).json()
    assert configuration["token_endpoint"] == f"{ROOT}/oauth2/token"
    assert configuration["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]


async def test_who_wrote_is_on_record(secured, registered, module_database_url):
    auditor = Registered(scopes="kith/audit")
    await register(module_database_url, auditor)
    headers = bearer(await registered.token(secured))
    stored = (await secured.post("/Patient", json=patient(), headers=headers)).json()
    found = await secured.get(
        f"/AuditEvent?entity=Patient/{stored['id']}", headers=bearer(await auditor.token(secured))
    )
    agents = found.json()["entry"][0]["resource"]["agent"]
    assert agents[0]["who"]["identifier"]["value"] == "RX1"
    assert agents[-1]["name"] == registered.id


async def test_tokens_given_and_refused_are_on_record(secured, registered, connection_to):
    await registered.token(secured)
    await ask(secured, registered.assertion(), "kith/admin")
    rows = await connection_to("SELECT status, outcome FROM audit WHERE client = $1 ORDER BY key", registered.id)
    told = [(row["status"], row["outcome"]) for row in rows]
    assert (200, registered.scopes) in told
    assert any(status == 400 and outcome.startswith("invalid_scope") for status, outcome in told)


async def test_an_auditor_finds_the_tokens_of_the_own_organisation(secured, registered, module_database_url):
    auditor = Registered(scopes="kith/audit")
    await register(module_database_url, auditor)
    await registered.token(secured)
    await ask(secured, registered.assertion(), "kith/admin")
    headers = bearer(await auditor.token(secured))
    dicom = "http://dicom.nema.org/resources/ontology/DCM"
    for asked in (f"type={dicom}|110114", "type=110114", "subtype=110122"):
        answer = await secured.get(f"/AuditEvent?{asked}&_count=100", headers=headers)
        events = [entry["resource"] for entry in answer.json()["entry"]]
        own = [event for event in events if event["agent"][-1]["name"] == registered.id]
        assert {event["outcome"] for event in own} == {"0", "4"}
        assert {event["type"]["code"] for event in events} == {"110114"}
        assert all(event["agent"][0]["who"]["identifier"]["value"] == "RX1" for event in own)
    rest = (await secured.get("/AuditEvent?type=rest&_count=100", headers=headers)).json().get("entry", ())
    assert {entry["resource"]["type"]["code"] for entry in rest} <= {"rest"}


async def test_calls_without_a_token_are_on_record(secured, connection_to):
    await secured.get("/Consent/without-a-token")
    rows = await connection_to("SELECT * FROM audit WHERE query LIKE '%without-a-token'")
    assert [(row["status"], row["interaction"]) for row in rows] == [(401, "access")]


async def test_a_disabled_client_is_refused_on_every_worker_within_five_seconds(secured, module_database_url):
    one = Registered()
    await register(module_database_url, one)
    headers = bearer(await one.token(secured))
    async with running(module_database_url, authentication="on", base_url=ROOT) as other:
        for worker in (secured, other):
            assert (await worker.get("/Consent", headers=headers)).status_code == 200
        await changed(module_database_url, lambda connection: clients.disable(connection, one.id))
        deadline = datetime.now(UTC) + timedelta(seconds=5)
        for worker in (secured, other):
            while (answer := await worker.get("/Consent", headers=headers)).status_code == 200:
                assert datetime.now(UTC) < deadline
                await asyncio.sleep(0.1)
            assert answer.status_code == 401
            assert issue(answer)["code"] == "security"
        assert errors(await ask(secured, one.assertion()))[0] == "invalid_client"


async def test_new_keys_take_the_place_of_old_ones_after_a_time_of_grace(secured, module_database_url):
    one, new = Registered(), keys.generate()
    await register(module_database_url, one)
    later = datetime.now(UTC) + timedelta(hours=1)

    async def replaced(until, tokens_from):
        await changed(
            module_database_url,
            lambda connection: clients.replace_keys(
                connection, one.id, [Key(keys.public(new))], until=until, tokens_from=tokens_from
            ),
        )

    await replaced(later, None)
    token = await one.token(secured)
    assert (await ask(secured, one.assertion(key=new))).status_code == 200
    await asyncio.sleep(1)
    await replaced(datetime.now(UTC), datetime.now(UTC))
    await asyncio.sleep(2.1)
    assert (await ask(secured, one.assertion(key=new))).status_code == 200
    assert errors(await ask(secured, one.assertion()))[0] == "invalid_client"
    assert (await secured.get("/Consent", headers=bearer(token))).status_code == 401


async def changed(url, change):
    database = Database(url, size=1, role="none")
    await database.open()
    async with database.connection(None) as connection:
        await change(connection)
    await database.close()


async def test_a_service_without_authentication_gives_out_no_tokens(client, registered):
    assert (await ask(client, registered.assertion())).status_code == 404
    assert await create(client, patient())
