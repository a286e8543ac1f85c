"""What was made of a patient's rows is used again as long as the rows are the same, and never longer."""

import asyncio

import pytest

from app.storage import facts, kept
from tests.operations.asking import answers
from tests.record.examples import consent, create, name, nhs_number, patient, put, supporter, to


async def recorded(client):
    known = await create(client, patient(nhs_number(), birthDate="1980-02-01"))
    person = await create(client, supporter(to(known)))
    given = await create(client, consent(to(known), name(person)))
    return {"patient": name(known), "recipient": name(person), "scope": "medication"}, given


async def basis(client, question):
    answer = await client.get("/Consent/$check-sharing", params=question)
    assert answer.status_code == 200, answer.text
    return answers(answer.json())[0]["basis"]


@pytest.fixture
def made(monkeypatch):
    """How often facts were made, as a list of the patients asked about."""
    found, make = [], facts._of_rows

    def counted(rows, question):
        found.append(question.first)
        return make(rows, question)

    monkeypatch.setattr(facts, "_of_rows", counted)
    return found


async def test_the_same_rows_are_not_read_twice_and_any_change_is_seen_at_once(client, made):
    question, given = await recorded(client)
    assert await basis(client, question) == "patient-consent"
    made.clear()
    assert await basis(client, question) == "patient-consent"
    assert made == []
    for minute in range(5):
        given = (await put(client, {**given, "status": "inactive"})).json()
        assert await basis(client, question) != "patient-consent"
        given = (await put(client, {**given, "status": "active", "dateTime": f"2026-03-02T10:0{minute}:00Z"})).json()
        assert await basis(client, question) == "patient-consent"


async def test_whoever_of_the_supporters_is_asked_about_the_same_rows_are_read_once(client, made):
    question, _ = await recorded(client)
    other = await create(client, supporter({"reference": question["patient"]}))
    await basis(client, question)
    made.clear()
    assert await basis(client, {**question, "recipient": name(other)}) == "no-consent-recorded"
    assert made == []


async def test_questions_at_once_about_many_patients_each_get_their_own_answer(client):
    asked = [await recorded(client) for _ in range(6)]
    for _, given in asked[::2]:
        await put(client, {**given, "status": "inactive"})
    found = await asyncio.gather(*(basis(client, question) for question, _ in asked * 5))
    assert [each == "patient-consent" for each in found] == [False, True] * 15


async def test_what_is_large_is_not_kept(client, made, monkeypatch):
    question, _ = await recorded(client)
    monkeypatch.setattr(kept, "LARGEST", 100)
    made.clear()
    assert [await basis(client, question) for _ in range(3)] == ["patient-consent"] * 3
    assert len(made) == 3
