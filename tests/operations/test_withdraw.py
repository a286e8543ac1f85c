"""Consent/{id}/$withdraw over HTTP: one call, and the next check knows."""

from typing import Any

import httpx
import pytest

from tests.operations.asking import EXTENSION, answers, consent_of, decisions, parameters, patient, supporter

WITHDRAWN = f"{EXTENSION}/consent-withdrawn"


async def withdraw(client: httpx.AsyncClient, consent: str, *given: tuple[str, Any], **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post(f"/{consent}/$withdraw", json=parameters(*given), headers=named)


async def given(client: httpx.AsyncClient, person: str, *said: tuple[str, Any]) -> str:
    answer = await client.post(f"/{person}/$record-consent", json=parameters(*said))
    assert answer.status_code == 200, answer.text
    return consent_of(answer.json()).partition("/_history")[0]


@pytest.fixture
async def brother(client: httpx.AsyncClient) -> str:
    return await supporter(client, await patient(client, "adult"))


async def test_a_withdrawal_keeps_the_time_of_the_decision_and_says_when_it_ended(
    client: httpx.AsyncClient, brother: str
) -> None:
    consent = await given(client, brother, ("decision", "yes"), ("decided", "2026-03-02T10:00:00Z"))
    answer = await withdraw(client, consent, ("decided", "2026-03-02T16:00:00Z"), ("method", "verbal"))
    assert answer.status_code == 200, answer.text
    assert consent_of(answer.json()) == f"{consent}/_history/2"
    stored = (await client.get(f"/{consent}")).json()
    assert (stored["status"], stored["dateTime"]) == ("inactive", "2026-03-02T10:00:00Z")
    assert {"url": WITHDRAWN, "valueDateTime": "2026-03-02T16:00:00Z"} in stored["extension"]
    found = decisions(answer.json())
    assert (len(found), found["medication"]) == (15, "consent-withdrawn")


async def test_the_answers_are_of_those_whom_the_consent_names(client: httpx.AsyncClient, brother: str) -> None:
    await supporter(client, "Patient/adult")
    consent = await given(client, brother, ("decision", "yes"))
    found = answers((await withdraw(client, consent)).json())
    assert {answer["recipient"]["reference"] for answer in found} == {brother}


async def test_who_wrote_the_withdrawal_stands_in_place_of_who_wrote_the_decision(
    client: httpx.AsyncClient, brother: str
) -> None:
    consent = await given(client, brother, ("decision", "yes"), ("method", "written"), ("nextReview", "2126-01-01"))
    await withdraw(client, consent, ("method", "verbal"))
    kept = {each["url"]: each for each in (await client.get(f"/{consent}")).json()["extension"]}
    assert len(kept) == 3
    assert kept[f"{EXTENSION}/consent-method"]["valueCode"] == "verbal"


async def test_a_withdrawal_sent_again_changes_nothing(client: httpx.AsyncClient, brother: str) -> None:
    consent = await given(client, brother, ("decision", "yes"))
    first = await withdraw(client, consent)
    again = await withdraw(client, consent, If_None_Exist="status=inactive")
    assert consent_of(first.json()) == consent_of(again.json())
    assert decisions(first.json()) == decisions(again.json())


async def test_a_refusal_that_is_withdrawn_permits_nothing(client: httpx.AsyncClient, brother: str) -> None:
    await given(client, brother, ("decision", "yes"), ("decided", "2026-03-01"))
    refusal = await given(client, brother, ("decision", "no"), ("decided", "2026-03-05"))
    found = decisions((await withdraw(client, refusal)).json())
    assert "patient-consent" not in found.values()


async def test_a_draft_can_be_taken_back_and_a_mistake_cannot(client: httpx.AsyncClient, brother: str) -> None:
    draft = await given(client, brother, ("decision", "undecided"))
    assert (await withdraw(client, draft)).status_code == 200
    mistake = await given(client, brother, ("decision", "yes"))
    body = (await client.get(f"/{mistake}")).json()
    await client.put(f"/{mistake}", json=body | {"status": "entered-in-error"})
    answer = await withdraw(client, mistake)
    assert (answer.status_code, answer.json()["issue"][0]["expression"]) == (422, ["Consent.status"])


async def test_a_withdrawal_meant_for_another_version_does_not_happen(client: httpx.AsyncClient, brother: str) -> None:
    consent = await given(client, brother, ("decision", "yes"))
    assert (await withdraw(client, consent, If_Match='W/"7"')).status_code == 412
    assert (await client.get(f"/{consent}")).json()["status"] == "active"
    assert (await withdraw(client, consent, If_Match='W/"1"')).status_code == 200


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (("decided", "9999-01-01"), 422),
        (("decided", "1999-01-01"), 422),
        (("recorder", {"reference": "RelatedPerson/somebody"}), 422),
        (("recorder", {"reference": "Practitioner/nobody"}), 422),
        (("method", "shouted"), 422),
        (("scope", "medication"), 400),
    ],
)
async def test_what_is_said_wrongly_is_refused(
    client: httpx.AsyncClient, brother: str, said: tuple[str, Any], status: int
) -> None:
    consent = await given(client, brother, ("decision", "yes"))
    answer = await withdraw(client, consent, said)
    assert answer.status_code == status, answer.text
    assert (await client.get(f"/{consent}")).json()["status"] == "active"


async def test_a_consent_that_is_not_there_is_404(client: httpx.AsyncClient) -> None:
    assert (await withdraw(client, "Consent/nothing")).status_code == 404
