"""AuditEvents over HTTP: found by who, what, whom and when; read; never written."""

from base64 import b64decode
from datetime import UTC, datetime

import asyncpg
import pytest

from app.fhir import structure
from app.fhir.definition import Rules
from tests.audited import settled
from tests.record.examples import by_number, consent, create, name, nhs_number, patient, practitioner, put, supporter

RULES = Rules(now=datetime(2026, 1, 1, tzinfo=UTC))
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"


async def events(client, **parameters):
    response = await client.get("/AuditEvent", params=parameters)
    assert response.status_code == 200, response.text
    return [entry["resource"] for entry in response.json().get("entry", ())]


def done(found):
    return [event["subtype"][0]["code"] for event in found]


@pytest.fixture
async def known(client):
    return await create(client, patient(nhs_number()))


async def asked(client, patient_, person):
    response = await client.get(
        "/Consent/$check-sharing", params={"patient": name(patient_), "recipient": name(person)}
    )
    return next(each for each in response.json()["parameter"] if each["name"] == "auditEvent")["valueReference"]


async def test_a_check_names_an_audit_event_that_can_be_read_and_is_valid(client, known):
    person = await create(client, supporter({"reference": name(known)}))
    reference = (await asked(client, known, person))["reference"]
    response = await client.get(f"/{reference}")
    event = response.json()
    assert response.status_code == 200
    assert response.headers["ETag"] == 'W/"1"'
    assert structure.check(event, RULES).issues == ()
    assert event["id"] == reference.removeprefix("AuditEvent/")
    assert event["outcomeDesc"] == "deny"
    answers = [entity for entity in event["entity"] if entity.get("description") == "answer"]
    assert len(answers) == 15
    assert {entity["what"]["reference"] for entity in answers} == {name(person)}


async def test_every_event_of_a_life_is_valid_and_found_by_its_patient_newest_first(client, known):
    stored = await create(client, consent({"reference": name(known)}, status="draft"))
    await put(client, stored)
    await client.get(f"/{name(stored)}")
    await client.get(f"/Consent?patient={known['id']}")
    await client.delete(f"/{name(stored)}")
    await settled(client)
    found = await events(client, patient=name(known))
    assert sorted(done(found)) == ["create", "create", "delete", "read", "search-type", "update"]
    keys = [int(event["id"]) for event in found]
    assert keys == sorted(keys, reverse=True)
    assert all(structure.check(event, RULES).issues == () for event in found)


async def test_a_patient_is_found_by_nhs_number_and_under_the_key_of_before(client):
    number = nhs_number()
    person = await create(client, supporter(by_number(number)))
    await create(client, patient(number))
    for asked_as in ({"patient": number}, {"patient:identifier": f"https://fhir.nhs.uk/Id/nhs-number|{number}"}):
        # Of a search, such as the first of these two, the second entity is what was asked.
        about = [event["entity"][1].get("what", {}) for event in await events(client, **asked_as)]
        references = [what.get("reference", "") for what in about]
        assert f"{name(person)}/_history/1" in references


async def test_what_was_done_to_a_record_is_found_by_the_record(client, known):
    stored = await create(client, consent({"reference": name(known)}, status="draft"))
    await put(client, stored)
    assert done(await events(client, entity=name(stored))) == ["update", "create"]
    assert done(await events(client, entity=stored["id"])) == ["update", "create"]
    assert await events(client, entity=f"CarePlan/{stored['id']}") == []


async def test_checks_are_found_by_recipient_and_by_the_record_that_they_rest_on(client, known):
    person = await create(client, supporter({"reference": name(known)}))
    given = await create(client, consent({"reference": name(known)}, name(person)))
    reference = (await asked(client, known, person))["reference"]
    for record in (person, given):
        found = await events(client, entity=name(record), subtype="operation")
        assert [f"AuditEvent/{event['id']}" for event in found] == [reference]


async def test_codes_find_the_interactions_they_stand_for(client, known):
    about = {"patient": name(known)}
    await client.get(f"/{name(known)}")
    await client.get("/Consent/$check-sharing", params={"patient": name(known)})
    await settled(client)
    assert done(await events(client, **about, action="R")) == ["read"]
    assert sorted(done(await events(client, **about, action="C,R"))) == ["create", "read"]
    operation = "http://hl7.org/fhir/restful-interaction|operation"
    assert done(await events(client, **about, subtype=operation)) == ["operation"]
    assert "read" not in done(await events(client, **{**about, "subtype:not": "read"}))
    assert await events(client, **about, type="other") == []
    assert len(await events(client, **about, type="rest")) >= 3


async def test_outcomes_tell_what_was_done_from_what_was_refused(client):
    await client.get("/Practitioner/nobody-for-outcomes")
    await settled(client)
    (refused,) = await events(client, entity="Practitioner/nobody-for-outcomes", outcome="4")
    assert refused["outcome"] == "4"
    assert "no Practitioner" in refused["outcomeDesc"]
    assert await events(client, entity="Practitioner/nobody-for-outcomes", outcome="0,8") == []


async def test_the_organisation_and_the_role_and_the_client_that_asked_find_it(client):
    headers = {"NHSD-End-User-Organisation-ODS": "RQ9", "NHSD-Session-URID": "555999"}
    stored = (await client.post("/Practitioner", json=practitioner(), headers=headers)).json()
    for value in (f"{ODS}|RQ9", "RQ9", "https://fhir.nhs.uk/Id/sds-role-profile-id|555999"):
        (event,) = await events(client, **{"agent:identifier": value})
        assert event["entity"][0]["what"]["reference"] == f"{name(stored)}/_history/1"
    assert await events(client, **{"agent:identifier": f"{ODS}|555999"}) == []
    assert await events(client, **{"agent-name": "127.0", "entity": name(stored)})
    assert await events(client, **{"agent-name": "10.0", "entity": name(stored)}) == []


@pytest.mark.parametrize(
    ("date", "count"),
    [
        ("2026-03-09", 2),
        ("2026-03-09T10:00:00.123Z", 1),
        ("gt2026-03-09", 1),
        ("ge2026-03-09", 3),
        ("lt2026-03-09", 1),
        ("le2026-03-09", 3),
        ("ne2026-03-09", 2),
        ("sa2026-03-09T10:00", 2),
        ("eb2026-03-10", 3),
        ("2026", 4),
        ("gt9998", 0),
        ("lt0002", 0),
        ("9999-12-31T23:59:59Z", 0),
        ("0001-01-01", 0),
    ],
)
async def test_times_are_compared_by_the_rules_of_their_prefixes(client, module_database_url, date, count):
    admin = await asyncpg.connect(module_database_url)
    if not await admin.fetchval("SELECT count(*) FROM audit WHERE id = 'timed'"):
        for when in ("2026-03-08T23:59:59.999", "2026-03-09T10:00:00.1234", "2026-03-09T23:00", "2026-03-10T00:00"):
            moment = datetime.fromisoformat(when).replace(tzinfo=UTC)
            values = "VALUES ($1, 'read', 'Consent', 'timed', 200)"
            await admin.execute(f"INSERT INTO audit (recorded, interaction, type, id, status) {values}", moment)
    await admin.close()
    assert len(await events(client, entity="Consent/timed", date=date)) == count
    assert len(await events(client, entity="Consent/timed", _lastUpdated=date)) == count


async def test_pages_hold_every_event_once_although_more_are_written_meanwhile(client, known):
    for _ in range(7):
        await client.get(f"/{name(known)}")
    await settled(client)
    url, seen = f"/AuditEvent?patient={known['id']}&action=R&_count=3&_sort=-date", []
    while url:
        bundle = (await client.get(url)).json()
        seen += [entry["resource"]["id"] for entry in bundle.get("entry", ())]
        await client.get(f"/{name(known)}")
        await settled(client)
        url = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), "")
    assert len(seen) == len(set(seen)) == 7


async def test_a_search_by_form_is_the_same_search(client, known):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await client.post("/AuditEvent/_search", data={"patient": name(known)}, headers=form)
    found = [entry["resource"]["id"] for entry in response.json()["entry"]]
    assert found == [event["id"] for event in await events(client, patient=name(known), action="C")]


async def test_a_part_of_each_can_be_asked_for(client, known):
    (event,) = await events(client, patient=name(known), _elements="entity", action="C")
    assert set(event) == {"resourceType", "id", "meta", "type", "recorded", "agent", "source", "entity"}
    (event,) = await events(client, patient=name(known), _summary="true", action="C")
    assert "entity" not in event


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ("policy=urn:x", "policy"),
        ("altid=x", "altid"),
        ("site=x", "site"),
        ("patient.name=x", "patient.name"),
        ("_include=AuditEvent:patient", "_include"),
        ("_sort=date", "_sort"),
        ("_total=accurate", "_total"),
        ("_summary=count", "_summary"),
        ("agent=Organization/x", "agent"),
        ("patient:missing=true", "patient"),
        ("date=yesterday", "date"),
        ("_cursor=none", "_cursor"),
    ],
)
async def test_what_it_cannot_be_asked_is_400_and_named(client, parameter, said):
    response = await client.get(f"/AuditEvent?{parameter}")
    assert response.status_code == 400
    assert said in response.json()["issue"][0]["diagnostics"]


@pytest.mark.parametrize("id_", ["0", "999999999999999999", "9999999999999999999", "-1", "x", "1e3", "\u0661"])
async def test_what_is_no_audit_event_is_404(client, id_):
    assert (await client.get(f"/AuditEvent/{id_}")).status_code == 404


@pytest.mark.parametrize("path", ["", "/1", "/1/_history/1"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_nobody_writes_one(client, method, path):
    response = await client.request(method, f"/AuditEvent{path}", json={"resourceType": "AuditEvent"})
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["resourceType"] == "OperationOutcome"


async def test_who_reads_the_trail_is_in_it(client, known):
    (created,) = await events(client, patient=name(known), action="C")
    await client.get(f"/AuditEvent/{created['id']}")
    await settled(client)
    read, search = (await events(client, patient=name(known)))[:2]
    assert read["entity"][1]["what"]["reference"] == f"AuditEvent/{created['id']}/_history/1"
    query = next(entity["query"] for entity in search["entity"] if "query" in entity)
    assert b64decode(query).decode() == f"AuditEvent?patient=Patient/{known['id']}&action=C"
