"""Patient/{id}/$tell-nobody over HTTP: a refusal for anyone and everything."""

from typing import Any

import httpx
import pytest

from tests.operations.asking import answers, consent_of, consents, parameters, patient, supporter


async def tell_nobody(client: httpx.AsyncClient, who: str, *given: tuple[str, Any], **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post(f"/{who}/$tell-nobody", json=parameters(*given), headers=named)


async def test_everybody_is_refused_everything(client: httpx.AsyncClient) -> None:
    who = await patient(client, "quiet")
    people = {await supporter(client, who), await supporter(client, who)}
    for person in people:
        await client.post(f"/{person}/$record-consent", json=parameters(("decision", "yes"), ("decided", "2026-03-02")))
    answer = await tell_nobody(client, who, ("method", "verbal"))
    assert answer.status_code == 200, answer.text
    found = answers(answer.json())
    assert len(found) == 30
    assert {each["recipient"]["reference"] for each in found} == people
    assert {each["basis"] for each in found} == {"patient-refusal"}
    stored = (await client.get(f"/{consent_of(answer.json())}")).json()
    assert stored["provision"] == {"type": "deny"}
    assert stored["performer"] == [{"reference": who}]


async def test_a_patient_without_supporters_can_refuse_all_the_same(client: httpx.AsyncClient) -> None:
    who = await patient(client, "alone")
    answer = await tell_nobody(client, who)
    assert answers(answer.json()) == []
    assert len(await consents(client, who)) == 1


async def test_a_patient_may_be_named_by_nhs_number(client: httpx.AsyncClient) -> None:
    await patient(client, "numbered", "9990000018")
    answer = await tell_nobody(client, "Patient/9990000018")
    stored = (await client.get(f"/{consent_of(answer.json())}")).json()
    assert stored["patient"] == {"reference": "Patient/numbered"}
    assert (await tell_nobody(client, "Patient/9990000026")).status_code == 404


async def test_if_none_exist_makes_it_once(client: httpx.AsyncClient) -> None:
    who = await patient(client, "once")
    said = ("decided", "2026-03-02T10:00:00Z")
    for _ in range(2):
        answer = await tell_nobody(client, who, said, if_none_exist="date=2026-03-02T10:00:00Z&status=active")
        assert answer.status_code == 200
    assert len(await consents(client, who)) == 1


@pytest.mark.parametrize(("said", "status"), [(("decision", "no"), 400), (("decided", "9999"), 422)])
async def test_what_is_said_wrongly_is_refused(client: httpx.AsyncClient, said: tuple[str, Any], status: int) -> None:
    who = await patient(client, "wrong")
    assert (await tell_nobody(client, who, said)).status_code == status
    assert await consents(client, who) == []


async def test_a_patient_who_is_not_there_is_404(client: httpx.AsyncClient) -> None:
    assert (await tell_nobody(client, "Patient/nobody")).status_code == 404
