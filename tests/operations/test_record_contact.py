"""RelatedPerson/{id}/$record-contact over HTTP: a failed call is as easy to record as one that succeeded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.fhir.canonical import BASE
from app.fhir.vocabulary.contact_status import NOT_DONE_REASON, STANDING
from app.fhir.vocabulary.contacts import CONTACT_OUTCOME
from app.operations.record_contact import INPUTS
from tests.operations.asking import Json, patient, supporter
from tests.record.examples import consent

OUTCOMES = f"{BASE}/CodeSystem/contact-outcome"


async def record(client: httpx.AsyncClient, person: str, *given: tuple[str, Any], **headers: str) -> httpx.Response:
    written = [{"name": name, INPUTS[name].value if name in INPUTS else "valueCode": value} for name, value in given]
    body = {"resourceType": "Parameters", **({"parameter": written} if written else {})}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post(f"/{person}/$record-contact", json=body, headers=named)


def told(answer: httpx.Response, name: str) -> list[Any]:
    """The values of a parameter of the answer."""
    found = [each for each in answer.json()["parameter"] if each["name"] == name]
    return [next(value for key, value in each.items() if key != "name") for each in found]


async def written(client: httpx.AsyncClient, answer: httpx.Response) -> Json:
    """The Communication that an answer names."""
    assert answer.status_code == 200, answer.text
    [reference] = told(answer, "communication")
    stored = await client.get(f"/{reference['reference']}")
    assert stored.status_code == 200, stored.text
    found: Json = stored.json()
    return found


async def permit(client: httpx.AsyncClient, of: str, person: str, **more: Any) -> Json:
    """The patient lets the team contact this person."""
    answer = await client.post("/Consent", json=consent({"reference": of}, person, **more))
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


@pytest.fixture
async def mum(client: httpx.AsyncClient) -> str:
    """Somebody whom the team may contact."""
    person = await supporter(client, await patient(client, "adult"))
    await permit(client, "Patient/adult", person)
    return person


@pytest.mark.parametrize("outcome", CONTACT_OUTCOME.codes)
async def test_each_outcome_is_written_in_the_words_of_fhir_and_in_our_own(
    client: httpx.AsyncClient, mum: str, outcome: str
) -> None:
    answer = await record(client, mum, ("outcome", outcome))
    stored = await written(client, answer)
    assert stored["status"] == STANDING[outcome].status
    codings = {coding["system"]: coding["code"] for coding in stored["statusReason"]["coding"]}
    assert codings[OUTCOMES] == outcome
    assert codings.get(NOT_DONE_REASON, "") == STANDING[outcome].reason
    assert "warning" not in answer.headers
    assert told(answer, "warning") == []


async def test_all_that_can_be_said_is_kept(client: httpx.AsyncClient, mum: str) -> None:
    await client.put("/Practitioner/nurse", json={"resourceType": "Practitioner", "id": "nurse"})
    plan = {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": {"reference": "Patient/adult"}}
    about = (await client.post("/CarePlan", json=plan)).json()["id"]
    answer = await record(
        client,
        mum,
        ("who", {"reference": "Practitioner/nurse"}),
        ("when", "2026-03-02T10:00:00+00:00"),
        ("medium", "PHONE"),
        ("outcome", "spoke"),
        ("note", "She can stay on Tuesdays."),
        ("canOffer", "practical-help"),
        ("canOffer", "time-together"),
        ("canOffer", "practical-help"),
        ("about", {"reference": f"CarePlan/{about}"}),
    )
    stored = await written(client, answer)
    assert stored["sender"] == {"reference": "Practitioner/nurse"}
    assert stored["sent"] == "2026-03-02T10:00:00+00:00"
    assert stored["medium"][0]["coding"][0]["code"] == "PHONE"
    assert stored["note"] == [{"text": "She can stay on Tuesdays."}]
    assert stored["about"] == [{"reference": f"CarePlan/{about}"}]
    assert stored["subject"] == {"reference": "Patient/adult"}
    assert stored["recipient"] == [{"reference": mum}]
    assert stored["category"][0]["coding"][0]["code"] == "contact"
    offered = [each["valueCodeableConcept"]["coding"][0]["code"] for each in stored["extension"]]
    assert offered == ["practical-help", "time-together"]


async def test_without_permission_it_is_stored_and_warned_of(client: httpx.AsyncClient) -> None:
    person = await supporter(client, await patient(client, "unasked"))
    answer = await record(client, person, ("outcome", "no-answer"))
    assert (await written(client, answer))["status"] == "not-done"
    [warning] = told(answer, "warning")
    assert "no-consent-recorded" in warning
    assert "listen" in warning
    assert "no-consent-recorded" in answer.headers["warning"]


async def test_why_nobody_was_tried_is_no_contact_and_needs_no_permission(client: httpx.AsyncClient) -> None:
    person = await supporter(client, await patient(client, "refusing"))
    for outcome in ("not-tried-patient-refused", "not-tried-safeguarding", "no-details"):
        assert told(await record(client, person, ("outcome", outcome)), "warning") == []


async def test_permission_is_judged_as_at_the_time_of_the_contact(client: httpx.AsyncClient) -> None:
    person = await supporter(client, await patient(client, "later"))
    await permit(client, "Patient/later", person, dateTime="2026-03-02T10:00:00Z")
    before = await record(client, person, ("outcome", "spoke"), ("when", "2026-03-02T09:59:00Z"))
    after = await record(client, person, ("outcome", "spoke"), ("when", "2026-03-02T10:01:00Z"))
    assert (len(told(before, "warning")), len(told(after, "warning"))) == (1, 0)


async def test_a_contact_that_is_to_come_is_refused(client: httpx.AsyncClient, mum: str) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")
    answer = await record(client, mum, ("outcome", "spoke"), ("when", tomorrow))
    assert answer.status_code == 422
    assert answer.json()["issue"][0]["expression"] == ["Parameters.parameter[1]"]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ([], 400),
        ([("outcome", "rang")], 422),
        ([("outcome", "spoke"), ("outcome", "spoke")], 400),
        ([("outcome", "spoke"), ("colour", "red")], 400),
        ([("outcome", "spoke"), ("medium", "PIGEON")], 422),
        ([("outcome", "spoke"), ("when", "yesterday")], 422),
        ([("outcome", "spoke"), ("canOffer", "everything")], 422),
        ([("outcome", "spoke"), ("who", {"reference": "Patient/adult"})], 422),
        ([("outcome", "spoke"), ("who", {"display": "A nurse"})], 422),
        ([("outcome", "spoke"), ("who", {"reference": "Practitioner/nobody"})], 422),
        ([("outcome", "spoke"), ("about", {"reference": "Patient/adult"})], 422),
        ([("outcome", "spoke"), ("about", {"reference": "CarePlan/nowhere"})], 422),
    ],
)
async def test_what_cannot_be_is_refused_by_name_and_writes_nothing(
    client: httpx.AsyncClient, mum: str, given: list[tuple[str, Any]], status: int
) -> None:
    answer = await record(client, mum, *given)
    assert answer.status_code == status, answer.text
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert (await client.get("/Communication", params={"recipient": mum})).json()["total"] == 0


async def test_a_plan_of_another_patient_is_not_what_it_is_about(client: httpx.AsyncClient, mum: str) -> None:
    other = await patient(client, "somebody-else")
    plan = {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": {"reference": other}}
    theirs = (await client.post("/CarePlan", json=plan)).json()["id"]
    answer = await record(client, mum, ("outcome", "spoke"), ("about", {"reference": f"CarePlan/{theirs}"}))
    assert answer.status_code == 422
    assert "There is no such CarePlan" in answer.text


async def test_a_supporter_who_is_not_there_has_no_contacts(client: httpx.AsyncClient, mum: str) -> None:
    assert (await record(client, "RelatedPerson/nobody", ("outcome", "spoke"))).status_code == 404
    gone = await supporter(client, "Patient/adult")
    assert (await client.delete(f"/{gone}")).status_code == 204
    assert (await record(client, gone, ("outcome", "spoke"))).status_code == 410


async def test_each_call_makes_one_record_unless_it_says_if_none_exist(client: httpx.AsyncClient, mum: str) -> None:
    said = (("outcome", "spoke"), ("when", "2026-03-02T10:00:00Z"))
    query = "sent=2026-03-02T10:00:00Z"
    first = await record(client, mum, *said, if_none_exist=query)
    again = await record(client, mum, *said, if_none_exist=query)
    assert told(first, "communication") == told(again, "communication")
    await record(client, mum, *said)
    assert (await client.get("/Communication", params={"recipient": mum})).json()["total"] == 2
    assert (await record(client, mum, *said, if_none_exist=query)).status_code == 412
