"""Whose record the events around a patient belong to, however the patient is named."""

import asyncpg
import pytest

from tests.record.examples import (
    by_number,
    consent,
    create,
    found,
    issues,
    name,
    nhs_number,
    patient,
    put,
    supporter,
    to,
)
from tests.record.protecting import restriction

DETAIL = "http://hl7.org/fhir/StructureDefinition/flag-detail"
KEY = "SELECT patient FROM resource WHERE type = $1 AND id = $2"


def task(whom, **more):
    return {"resourceType": "Task", "status": "requested", "intent": "order", "for": whom, **more}


def answers(whom, **more):
    return {"resourceType": "QuestionnaireResponse", "status": "completed", "subject": whom, **more}


def message(of, **more):
    return {"resourceType": "Communication", "status": "completed", **({"subject": of} if of else {}), **more}


def meeting(*actors):
    times = {"start": "2026-03-01T10:00:00Z", "end": "2026-03-01T11:00:00Z"}
    participants = [{"actor": actor, "status": "accepted"} for actor in actors]
    return {"resourceType": "Appointment", "status": "booked", "participant": participants, **times}


def response(actor, appointment=None):
    appointment = appointment or {"display": "by telephone"}
    answer = {"participantStatus": "accepted", "appointment": appointment, "actor": actor}
    return {"resourceType": "AppointmentResponse", **answer}


def figure(whom):
    said = {"status": "complete", "type": "individual", "measure": "urn:m", "period": {"start": "2026"}}
    return {"resourceType": "MeasureReport", **said, "subject": whom}


def flag(of, *supporters):
    detail = [{"url": DETAIL, "valueReference": to(person)} for person in supporters]
    extension = {"extension": detail} if detail else {}
    return {"resourceType": "Flag", "status": "active", "code": {"text": "x"}, "subject": of, **extension}


@pytest.fixture
async def anna(client):
    return await create(client, patient(nhs_number()))


@pytest.fixture
async def friend(client, anna):
    return await create(client, supporter(to(anna)))


@pytest.fixture
async def stranger(client):
    return await create(client, supporter(by_number(nhs_number())))


@pytest.fixture
def key(connection_of_module):
    async def of(resource):
        return await connection_of_module.fetchval(KEY, resource["resourceType"], resource["id"])

    return of


@pytest.fixture
async def connection_of_module(module_database_url):
    connected = await asyncpg.connect(module_database_url)
    yield connected
    await connected.close()


@pytest.mark.parametrize("made", [task, answers, response, figure])
async def test_what_is_for_a_supporter_is_kept_in_the_record_of_that_persons_patient(client, key, anna, friend, made):
    assert await key(await create(client, made(to(friend)))) == anna["id"]


@pytest.mark.parametrize("made", [task, answers, message, flag, meeting])
async def test_what_is_for_a_patient_is_in_that_patients_record(client, key, anna, made):
    number = anna["identifier"][0]["value"]
    for reference in (to(anna), by_number(number), {"reference": f"Patient/{number}"}):
        assert await key(await create(client, made(reference))) == anna["id"]


@pytest.mark.parametrize("made", [task, answers, message, flag, meeting])
async def test_a_patient_who_is_not_known_yet_is_made_for_it(client, key, made):
    number = nhs_number()
    stored = await create(client, made(by_number(number)))
    (minimal,) = await found(client, f"/Patient?identifier={number}")
    assert await key(stored) == minimal


async def test_a_task_for_a_thing_is_in_nobodys_record(client, key):
    assert await key(await create(client, task({"reference": "Device/1"}))) == ""


async def test_a_supporter_named_by_an_nhs_number_is_not_taken_for_a_patient(client, key):
    number = nhs_number()
    stored = await create(client, task({**by_number(number), "type": "RelatedPerson"}))
    assert await key(stored) == ""
    assert await found(client, f"/Patient?identifier={number}") == set()


async def test_an_appointment_of_two_patients_is_in_nobodys_record(client, key, anna):
    other = await create(client, patient(nhs_number()))
    stored = await create(client, meeting(to(anna), to(other)))
    assert await key(stored) == ""
    for who in (anna, other):
        assert await found(client, f"/Appointment?patient={who['id']}") == {stored["id"]}


async def test_an_appointment_is_found_by_its_patient_and_by_its_supporter(client, anna, friend):
    stored = await create(client, meeting(to(anna), to(friend)))
    assert await found(client, f"/Appointment?patient={anna['identifier'][0]['value']}") == {stored["id"]}
    assert await found(client, f"/Appointment?actor={name(friend)}") == {stored["id"]}


async def test_a_task_for_a_supporter_is_found_by_subject_and_not_by_patient(client, anna, friend):
    stored = await create(client, task(to(friend)))
    assert await found(client, f"/Task?subject={name(friend)}") == {stored["id"]}
    assert await found(client, f"/Task?patient={anna['id']}") == set()


async def test_the_supporters_a_flag_is_about_are_the_patients_own(client, anna, friend, stranger):
    await create(client, flag(to(anna), friend))
    response = await client.post("/Flag", json=flag(to(anna), friend, stranger))
    assert response.status_code == 422
    (issue,) = issues(response)
    assert "another patient" in issue["diagnostics"]
    assert issue["expression"] == ["Flag.extension[1].value"]


async def test_nothing_in_a_patients_record_names_a_supporter_of_somebody_else(client, anna, stranger):
    for wrong in (
        message(to(anna), recipient=[to(stranger)]),
        task(to(anna), owner=to(stranger)),
        answers(to(anna), source=to(stranger)),
        meeting(to(anna), to(stranger)),
    ):
        response = await client.post(f"/{wrong['resourceType']}", json=wrong)
        assert response.status_code == 422, wrong
        assert "another patient" in issues(response)[0]["diagnostics"]


async def test_what_is_in_nobodys_record_may_name_any_supporter(client, key, friend):
    for alone in (meeting(to(friend)), message(None, recipient=[to(friend)])):
        assert await key(await create(client, alone)) == ""


async def test_a_group_cannot_hold_a_supporter(client, friend):
    group = {"resourceType": "Group", "type": "person", "actual": True, "member": [{"entity": to(friend)}]}
    response = await client.post("/Group", json=group)
    assert response.status_code == 422
    assert issues(response)[0]["expression"] == ["Group.member[0].entity"]


async def test_a_task_does_not_move_to_the_record_of_another_patient(client, friend, stranger):
    stored = await create(client, task(to(friend)))
    response = await put(client, {**stored, "for": to(stranger)})
    assert response.status_code == 422
    assert "cannot be moved" in issues(response)[0]["diagnostics"]


async def test_a_task_for_a_supporter_who_does_not_exist_is_refused(client):
    response = await client.post("/Task", json=task({"reference": "RelatedPerson/nobody"}))
    assert response.status_code == 422


async def test_a_task_for_a_supporter_moves_with_the_record_of_a_patient_who_is_replaced(client, key, friend, anna):
    stored = await create(client, task(to(friend)))
    successor = await create(client, patient(nhs_number()))
    gone = {"resourceType": "Patient", "id": anna["id"], "link": [{"other": to(successor), "type": "replaced-by"}]}
    assert (await put(client, gone)).status_code == 200
    assert await key(stored) == successor["id"]


NURSE = {"display": "Nurse"}


async def test_what_staff_answer_is_in_the_record_of_the_appointment(client, key, anna, friend):
    held = await create(client, meeting(to(anna)))
    answered = await create(client, response(NURSE, to(held)))
    assert await key(answered) == anna["id"]
    assert await key((await put(client, {**answered, "comment": "late"})).json()) == anna["id"]
    together = await create(client, meeting(to(anna), to(await create(client, patient(nhs_number())))))
    assert await key(await create(client, response(NURSE, to(together)))) == ""
    assert await key(await create(client, response(to(friend), to(together)))) == anna["id"]
    assert await key(await create(client, response(NURSE))) == ""


async def test_an_appointment_and_its_answer_may_come_in_one_transaction(client, key, anna):
    made = [("urn:uuid:6a1c0d1e-8f0e-4f0c-9d4f-0f5b5f4a7c11", meeting(to(anna)))]
    made.append(("urn:uuid:6a1c0d1e-8f0e-4f0c-9d4f-0f5b5f4a7c12", response(NURSE, {"reference": made[0][0]})))
    entries = [
        {"fullUrl": url, "resource": body, "request": {"method": "POST", "url": body["resourceType"]}}
        for url, body in made
    ]
    answer = await client.post("", json={"resourceType": "Bundle", "type": "transaction", "entry": entries})
    assert answer.status_code == 200, answer.text
    for entry in answer.json()["entry"]:
        assert await key(entry["resource"]) == anna["id"]


async def test_the_answer_to_an_appointment_names_no_other_patients_supporter(client, anna, stranger):
    held = await create(client, meeting(to(anna)))
    body = response(NURSE, to(held)) | {"extension": [{"url": "urn:x", "valueReference": to(stranger)}]}
    assert (await client.post("/AppointmentResponse", json=body)).status_code == 422


async def test_a_decision_or_restriction_of_a_patient_elsewhere_is_refused(client, anna, friend):
    elsewhere = {"reference": "https://ehr.example.org/fhir/Patient/1"}
    ours = {"reference": f"{client.base_url}Patient/{anna['id']}"}
    decision = consent(to(anna), name(friend))
    for body, element in ((decision, "patient"), (restriction(to(anna), friend), "subject")):
        path = f"{body['resourceType']}.{element}"
        refused = await client.post(f"/{body['resourceType']}", json=body | {element: elsewhere})
        assert refused.status_code == 422, refused.text
        assert [(each["expression"], "bind nobody" in each["diagnostics"]) for each in issues(refused)] == [
            ([path], True)
        ]
        entry = {"resource": body | {element: elsewhere}, "request": {"method": "POST", "url": body["resourceType"]}}
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
        within = await client.post("", json=bundle)
        assert within.status_code == 422, within.text
        assert issues(within)[0]["expression"] == [f"Bundle.entry[0].resource.{element}"]
        await create(client, body | {element: ours})
    await create(client, decision | {"patient": elsewhere, "status": "draft"})
