"""A stored check, asked again of the versions that it saw, gives the same answer whatever was written since."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from app.fhir.errors import NotFound
from app.operations.check_detail import DEFAULTS
from app.operations.replay import replay
from tests.record.examples import (
    NHS_NUMBER,
    by_number,
    consent,
    create,
    name,
    nhs_number,
    organization,
    patient,
    practitioner,
    put,
    supporter,
    team,
    to,
)


@pytest.fixture
async def trail(module_database_url):
    """A connection as the owner of the tables, who may do what the service may not."""
    connected = await asyncpg.connect(module_database_url)
    yield connected
    await connected.close()


@pytest.fixture
async def known(client):
    return await create(client, patient(nhs_number(), birthDate="1980-02-01"))


async def check(client, **query):
    response = await client.get("/Consent/$check-sharing", params=query)
    assert response.status_code == 200, response.text
    told = {parameter["name"]: parameter for parameter in response.json()["parameter"]}
    return int(told["auditEvent"]["valueReference"]["reference"].removeprefix("AuditEvent/")), told["decision"]


async def permit(client, known, **more):
    """A supporter, the Consent that lets them be told, and the key of a check that permits."""
    person = await create(client, supporter(to(known)))
    given = await create(client, consent(to(known), name(person)))
    key, decision = await check(client, patient=name(known), recipient=name(person), scope="medication", **more)
    assert decision["valueCode"] == "permit"
    return person, given, key


async def test_a_check_that_was_just_asked_agrees(client, known, trail):
    _, _, key = await permit(client, known)
    replayed = await replay(trail, key)
    assert replayed.is_same
    assert replayed.answers == 1


async def test_a_permit_agrees_after_its_consent_was_withdrawn(client, known, trail):
    person, given, key = await permit(client, known)
    await put(client, {**given, "status": "inactive"})
    later, decision = await check(client, patient=name(known), recipient=name(person), scope="medication")
    assert decision["valueCode"] == "deny"
    assert (await replay(trail, key)).is_same
    assert (await replay(trail, later)).is_same


async def test_a_permit_agrees_after_the_person_was_ended_renamed_and_deleted(client, known, trail):
    person, given, key = await permit(client, known)
    await put(client, {**person, "active": False, "name": [{"family": "Other"}], "birthDate": "2015-01-01"})
    assert (await replay(trail, key)).is_same
    await put(client, {**given, "status": "entered-in-error"})
    stranger = await create(client, supporter(to(known)))
    other, _ = await check(client, patient=name(known))
    assert (await client.delete(f"/{name(stranger)}")).status_code == 204
    assert (await replay(trail, key)).is_same
    assert (await replay(trail, other)).is_same


async def test_a_check_agrees_after_the_patient_grew_died_and_changed(client, known, trail):
    _, _, key = await permit(client, known)
    changed = {**known, "deceasedBoolean": True, "birthDate": "2015-01-01"}
    assert (await put(client, changed)).status_code == 200
    assert (await replay(trail, key)).is_same


async def test_a_check_agrees_after_the_record_was_joined_to_another(client, trail):
    number = nhs_number()
    person = await create(client, supporter(by_number(number)))
    await create(client, consent(by_number(number), name(person)))
    key, decision = await check(client, patient=f"{NHS_NUMBER}|{number}", recipient=name(person), scope="medication")
    assert decision["valueCode"] == "permit"
    real = await create(client, patient(number, birthDate="2016-01-01"))
    _, now = await check(client, patient=name(real), recipient=name(person), scope="medication")
    assert now["valueCode"] == "deny"
    assert (await replay(trail, key)).is_same


async def test_the_whole_matrix_agrees_after_new_people_and_decisions(client, known, trail):
    await permit(client, known)
    key, _ = await check(client, patient=name(known))
    for _ in range(3):
        await permit(client, known)
    await create(client, consent(to(known), provision={"type": "deny"}, dateTime="2026-01-06T10:00:00Z"))
    assert (await replay(trail, key)).is_same


async def test_a_question_about_the_past_agrees(client, known, trail):
    person, given, _ = await permit(client, known)
    await put(client, {**given, "status": "inactive"})
    then = given["meta"]["lastUpdated"]
    key, decision = await check(client, patient=name(known), recipient=name(person), scope="medication", at=then)
    assert decision["valueCode"] == "permit"
    await put(client, {**given, "status": "entered-in-error"})
    assert (await replay(trail, key)).is_same


@pytest.mark.parametrize("about", [{"action": "listen"}, {"content": "general"}, {"purpose": "TREAT"}])
async def test_every_kind_of_question_agrees(client, known, trail, about):
    person, given, _ = await permit(client, known)
    key, _ = await check(client, patient=name(known), recipient=[name(person), "RelatedPerson/nobody"], **about)
    await put(client, {**given, "status": "inactive"})
    assert (await replay(trail, key)).is_same


async def test_professionals_teams_and_named_resources_agree(client, known, trail):
    nurse, place = await create(client, practitioner()), await create(client, organization())
    person, given, _ = await permit(client, known)
    circle = await create(client, team(to(known), name(person)))
    stranger = await create(client, patient(nhs_number()))
    theirs = await create(client, team(to(stranger)))
    recipients = [name(each) for each in (nurse, place, circle, theirs, person, stranger)]
    asked = {"patient": name(known), "recipient": recipients, "team": name(place)}
    keys = [(await check(client, **asked))[0]]
    keys += [(await check(client, **asked, resource=[name(each)]))[0] for each in (given, theirs, circle)]
    await put(client, {**circle, "status": "inactive"})
    await put(client, {**nurse, "active": False})
    await put(client, {**place, "active": False})
    await put(client, {**given, "status": "inactive"})
    for key in keys:
        replayed = await replay(trail, key)
        assert replayed.is_same, replayed.differences


async def test_an_answer_that_was_tampered_with_does_not_agree(client, known, trail):
    _, given, key = await permit(client, known)
    detail = json.loads(await trail.fetchval("SELECT detail FROM audit WHERE key = $1", key))
    detail["answers"][0]["decision"] = "deny"
    await trail.execute("UPDATE audit SET detail = $2 WHERE key = $1", key, json.dumps(detail))
    (difference,) = (await replay(trail, key)).differences
    assert (difference.then[2], difference.now[2]) == ("deny", "permit")
    assert difference.now[4] == (f"{name(given)}/_history/1",)


async def test_a_version_that_was_changed_behind_the_service_does_not_agree(client, known, trail):
    _, given, key = await permit(client, known)
    content = json.dumps({**given, "status": "inactive"})
    await trail.execute("UPDATE resource_version SET content = $2 WHERE id = $1", given["id"], content)
    assert not (await replay(trail, key)).is_same


async def test_a_version_that_is_gone_is_named(client, known, trail):
    _, given, key = await permit(client, known)
    await trail.execute("DELETE FROM resource_version WHERE id = $1", given["id"])
    replayed = await replay(trail, key)
    assert replayed.missing == (f"{name(given)}/_history/1",)
    assert not replayed.is_same


async def test_what_is_no_answered_check_cannot_be_replayed(client, known, trail):
    await client.get("/Consent/$check-sharing", params={"patient": "Patient/nobody-at-all"})
    rows = await trail.fetch("SELECT key FROM audit WHERE interaction <> 'check' OR status <> 200")
    for key in (*(row["key"] for row in rows[:5]), rows[-1]["key"], 2**40):
        with pytest.raises(NotFound):
            await replay(trail, key)


async def test_settings_of_then_are_the_settings_of_the_replay(client, known, trail):
    """Of two settings one is changed for a check, and the replay knows nothing of it but what was kept."""
    nobody = await create(client, patient(nhs_number()))
    person = await create(client, supporter(to(nobody)))
    await create(client, consent(to(nobody), name(person)))
    service = client._transport.app.state.service
    policy = service.policy
    try:
        service.policy = _with(policy, unknown_patient_age="child", ordinary_labels=frozenset({"PSY", "ETH"}))
        key, decision = await check(client, patient=name(nobody), recipient=name(person), scope="medication")
    finally:
        service.policy = policy
    assert decision["valueCode"] == "deny"
    assert DEFAULTS.unknown_patient_age == "adult"
    assert (await replay(trail, key)).is_same


def _with(policy, **changed):
    return replace(policy, sharing=replace(policy.sharing, **changed))


async def test_a_withdrawal_by_a_process_whose_clock_is_ahead_binds_and_is_replayed(client, known, trail):
    person, given, _ = await permit(client, known)
    await put(client, {**given, "status": "inactive"})
    ahead = datetime.now(UTC) + timedelta(minutes=5)
    await trail.execute("UPDATE resource_version SET updated = $2 WHERE id = $1 AND version = 2", given["id"], ahead)
    key, decision = await check(client, patient=name(known), recipient=name(person), scope="medication")
    assert decision["valueCode"] == "deny"
    await put(client, {**given, "status": "active", "dateTime": "2026-01-07T10:00:00Z"})
    assert (await replay(trail, key)).is_same
