"""Consent/$check-sharing over HTTP: recorded, asked, withdrawn, asked again."""

from typing import Any

import httpx
import pytest

NHS = "https://fhir.nhs.uk/Id/nhs-number"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
SCOPES = "https://fhir.kith.example/CodeSystem/sharing-scope"


def consent(patient: str, supporter: str, scopes: list[str], kind: str = "permit", **more: Any) -> dict[str, Any]:
    provision: dict[str, Any] = {
        "type": kind,
        "actor": [
            {
                "role": {"coding": [{"system": f"{TERMINOLOGY}/v3-ParticipationType", "code": "IRCP"}]},
                "reference": {"reference": supporter},
            }
        ],
    }
    if scopes:
        provision["code"] = [{"coding": [{"system": SCOPES, "code": scope}]} for scope in scopes]
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": {"coding": [{"system": f"{TERMINOLOGY}/consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": f"{TERMINOLOGY}/v3-ActCode", "code": "INFA"}]}],
        "patient": {"identifier": {"system": NHS, "value": patient}},
        "dateTime": "2026-03-02T10:00:00Z",
        "policyRule": {"coding": [{"system": f"{TERMINOLOGY}/v3-ActCode", "code": "OPTIN"}]},
        "provision": provision,
        **more,
    }


async def stored(client: httpx.AsyncClient, resource: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(f"/{resource['resourceType']}", json=resource)
    assert answer.status_code == 201, answer.text
    result: dict[str, Any] = answer.json()
    return result


async def supporter(client: httpx.AsyncClient, patient: str) -> str:
    person = {"resourceType": "RelatedPerson", "patient": {"identifier": {"system": NHS, "value": patient}}}
    return f"RelatedPerson/{(await stored(client, person))['id']}"


async def ask(client: httpx.AsyncClient, **query: str | list[str]) -> list[dict[str, Any]]:
    answer = await client.get("/Consent/$check-sharing", params=query)
    assert answer.status_code == 200, answer.text
    return [
        {part["name"]: next(value for name, value in part.items() if name != "name") for part in found["part"]}
        for found in answer.json()["parameter"]
        if found["name"] == "answer"
    ]


@pytest.fixture
async def adult(client: httpx.AsyncClient) -> str:
    number = "9990000018"
    await client.put(
        "/Patient/adult",
        json={
            "resourceType": "Patient",
            "id": "adult",
            "birthDate": "1980-02-01",
            "identifier": [{"system": NHS, "value": number}],
        },
    )
    return number


async def test_silence_is_not_refusal(client: httpx.AsyncClient, adult: str) -> None:
    dad = await supporter(client, adult)
    [answer] = await ask(client, patient=f"{NHS}|{adult}", recipient=dad, scope="care-plan")
    assert (answer["decision"], answer["basis"], answer["nextAction"]) == ("deny", "no-consent-recorded", "ask-patient")


async def test_what_was_permitted_is_and_what_was_not_is_not(client: httpx.AsyncClient, adult: str) -> None:
    mum = await supporter(client, adult)
    await stored(client, consent(adult, mum, ["medication"]))
    [yes] = await ask(client, patient="Patient/adult", recipient=mum, scope="medication")
    [no] = await ask(client, patient="Patient/adult", recipient=mum, scope="sensitive-history")
    assert (yes["decision"], yes["basis"]) == ("permit", "patient-consent")
    assert (no["decision"], no["basis"]) == ("deny", "not-covered")


async def test_a_withdrawal_binds_the_next_question_and_leaves_the_past_as_it_was(
    client: httpx.AsyncClient, adult: str
) -> None:
    brother = await supporter(client, adult)
    given = await stored(client, consent(adult, brother, ["appointments"]))
    [before] = await ask(client, patient="Patient/adult", recipient=brother, scope="appointments")
    await client.put(f"/Consent/{given['id']}", json={**given, "status": "inactive"})
    [after] = await ask(client, patient="Patient/adult", recipient=brother, scope="appointments")
    then = given["meta"]["lastUpdated"]
    [past] = await ask(client, patient="Patient/adult", recipient=brother, scope="appointments", at=then)
    assert (before["decision"], after["basis"], past["decision"]) == ("permit", "consent-withdrawn", "permit")


async def test_an_unknown_patient_is_404_and_unknown_names_are_400(client: httpx.AsyncClient) -> None:
    unknown = await client.get("/Consent/$check-sharing", params={"patient": "Patient/nobody"})
    misspelt = await client.get("/Consent/$check-sharing", params={"patient": "Patient/adult", "recipent": "x"})
    assert (unknown.status_code, misspelt.status_code) == (404, 400)
    assert "recipent" in misspelt.json()["issue"][0]["diagnostics"]


async def test_a_slip_in_an_nhs_number_is_told_as_one(client: httpx.AsyncClient) -> None:
    for number, said in (("9990000019", "the right check digit"), ("9990000026", "no such patient here.")):
        unknown = await client.get("/Consent/$check-sharing", params={"patient": f"{NHS}|{number}"})
        assert unknown.status_code == 404
        assert said in unknown.json()["issue"][0]["diagnostics"]


async def test_a_zone_that_a_url_has_eaten_is_told_how_to_write_it(client: httpx.AsyncClient) -> None:
    eaten = await client.get("/Consent/$check-sharing?patient=Patient/adult&at=2026-03-02T10:00:00+01:00")
    wrong = await client.get("/Consent/$check-sharing?patient=Patient/adult&at=yesterday")
    assert (eaten.status_code, wrong.status_code) == (400, 400)
    assert "%2B" in eaten.text
    assert "%2B" not in wrong.text


async def test_a_check_by_parameters_names_its_audit_event(client: httpx.AsyncClient, adult: str) -> None:
    mum = await supporter(client, adult)
    question = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "patient", "valueReference": {"identifier": {"system": NHS, "value": adult}}},
            {"name": "recipient", "valueReference": {"reference": mum}},
            {"name": "scope", "valueCode": "medication"},
        ],
    }
    answer = await client.post("/Consent/$check-sharing", json=question)
    parameters = {parameter["name"]: parameter for parameter in answer.json()["parameter"]}
    assert answer.status_code == 200
    assert parameters["decision"]["valueCode"] == "deny"
    assert parameters["auditEvent"]["valueReference"]["reference"].startswith("AuditEvent/")
    assert parameters["edition"]["valueString"] == "1"


async def test_listening_is_always_permitted(client: httpx.AsyncClient, adult: str) -> None:
    [answer] = await ask(client, patient="Patient/adult", recipient="RelatedPerson/stranger", action="listen")
    assert answer["decision"] == "permit"
