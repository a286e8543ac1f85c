"""Invitations of supporters: stored as what happened, with a warning where the patient did not permit it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.fhir.canonical import BASE
from app.fhir.own_codes import concept
from app.fhir.vocabulary.episodes import MEETING_TYPE
from tests.record.examples import Resource, consent, create, name, patch, patient, put, supporter, to
from tests.record.test_contacts import restriction

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")
LATER = (datetime.now(UTC) + timedelta(days=1, hours=1)).isoformat(timespec="seconds")


def meeting(of: Resource, *people: Resource, kind: str = "review-meeting", **more: Any) -> Resource:
    return {
        "resourceType": "Appointment",
        "status": "booked",
        "serviceType": [concept(MEETING_TYPE, kind)],
        "start": TOMORROW,
        "end": LATER,
        "participant": [{"actor": to(each), "status": "needs-action"} for each in (of, *people)],
        **more,
    }


@pytest.fixture
async def people(client: httpx.AsyncClient) -> tuple[Resource, Resource, Resource]:
    """A patient, a mother who may know of meetings, and a father about whom nobody asked."""
    of = await create(client, patient(birthDate="1980-01-01"))
    mother, father = await create(client, supporter(to(of))), await create(client, supporter(to(of)))
    await create(client, consent(to(of), name(mother)))
    return of, mother, father


async def test_who_may_not_know_of_meetings_is_invited_with_a_warning(client: httpx.AsyncClient, people: Any) -> None:
    of, mother, father = people
    answer = await client.post("/Appointment", json=meeting(of, mother, father))
    assert answer.status_code == 201, answer.text
    assert "Appointment.participant[2]" in answer.headers["warning"]
    assert "meetings: no-consent-recorded" in answer.headers["warning"]
    assert "Still allowed: listen" in answer.headers["warning"]
    assert "participant[1]" not in answer.headers["warning"]


async def test_only_those_who_are_new_are_judged_by_an_update(client: httpx.AsyncClient, people: Any) -> None:
    of, mother, father = people
    stored = await create(client, meeting(of, father))
    assert "warning" not in (await put(client, stored | {"description": "At home."})).headers
    stored = (await client.get(f"/{name(stored)}")).json()
    answered = {"op": "replace", "path": "/participant/1/status", "value": "accepted"}
    assert "warning" not in (await patch(client, stored, answered)).headers
    other = await create(client, supporter(to(of)))
    more = {"op": "add", "path": "/participant/-", "value": {"actor": to(other), "status": "needs-action"}}
    assert "participant[2]" in (await patch(client, stored, more)).headers["warning"]
    assert "warning" not in (await client.post("/Appointment", json=meeting(of, mother))).headers


async def test_it_is_judged_as_at_the_time_of_the_invitation(client: httpx.AsyncClient, people: Any) -> None:
    of, mother, _ = people
    url = f"{BASE}/StructureDefinition/invited"
    for invited, warned in (("2026-01-04", True), ("2026-01-06", False)):
        body = meeting(of)
        one = {"actor": to(mother), "status": "accepted", "extension": [{"url": url, "valueDateTime": invited}]}
        body["participant"].append(one)
        assert ("warning" in (await client.post("/Appointment", json=body)).headers) == warned
        created = meeting(of, mother, created=invited)
        assert ("warning" in (await client.post("/Appointment", json=created)).headers) == warned


async def test_what_is_owed_to_supporters_themselves_is_stopped_by_restrictions_alone(
    client: httpx.AsyncClient, people: Any
) -> None:
    of, _, father = people
    for kind in ("own-needs-meeting", "debrief"):
        assert "warning" not in (await client.post("/Appointment", json=meeting(of, father, kind=kind))).headers
    await create(client, restriction(of, father, "no-contact-safeguarding"))
    answer = await client.post("/Appointment", json=meeting(of, father, kind="debrief"))
    assert "contact-restricted" in answer.headers["warning"]


async def test_a_request_to_tell_somebody_of_a_meeting_is_an_invitation(client: httpx.AsyncClient, people: Any) -> None:
    of, mother, father = people
    about = await create(client, meeting(of))
    request = {
        "resourceType": "CommunicationRequest",
        "status": "active",
        "subject": to(of),
        "about": [to(about)],
        "recipient": [to(mother), to(father)],
    }
    answer = await client.post("/CommunicationRequest", json=request)
    assert answer.status_code == 201, answer.text
    assert "CommunicationRequest.recipient[1]" in answer.headers["warning"]
    assert "recipient[0]" not in answer.headers["warning"]
    for other in (request | {"about": [to(of)]}, request | {"status": "draft"}):
        assert "warning" not in (await client.post("/CommunicationRequest", json=other)).headers


async def test_a_cancelled_meeting_and_one_of_no_patient_invite_nobody(client: httpx.AsyncClient, people: Any) -> None:
    of, _, father = people
    off = meeting(of, father, status="cancelled")
    nobody = meeting(of, father)
    del nobody["participant"][0]
    for body in (off, nobody):
        answer = await client.post("/Appointment", json=body)
        assert (answer.status_code, "warning" in answer.headers) == (201, False), answer.text


async def test_in_a_transaction_the_answer_stands_with_the_entry(client: httpx.AsyncClient, people: Any) -> None:
    of, mother, father = people
    entry = [
        {"resource": body, "request": {"method": "POST", "url": body["resourceType"]}}
        for body in (meeting(of, mother), meeting(of, father), consent(to(of), name(mother), dateTime="2026-02-01"))
    ]
    answer = await client.post("/", json={"resourceType": "Bundle", "type": "transaction", "entry": entry})
    assert answer.status_code == 200, answer.text
    outcomes = [str(each["response"].get("outcome", "")) for each in answer.json()["entry"]]
    assert ["no-consent-recorded" in outcome for outcome in outcomes] == [False, True, False]
