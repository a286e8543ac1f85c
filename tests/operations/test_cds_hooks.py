"""CDS Hooks over HTTP: one card, whatever the answers."""

import json
from typing import Any

import httpx
import pytest

from tests.operations.asking import NHS, SCOPES, Json, parameters, patient, supporter

TYPES = "http://hl7.org/fhir/resource-types"
LOCAL = "https://epr.example/supporters"


def call(**context: Any) -> Json:
    return {
        "hook": "patient-consent-consult",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"patientId": [{"system": NHS, "value": "9990000018"}], "scope": "patient-privacy", **context},
    }


def actor(value: str) -> Json:
    return {"system": LOCAL, "value": value}


def scope(code: str) -> Json:
    return {"system": SCOPES, "code": code}


def listen_only(who: str, stopped: str) -> Json:
    category = "http://terminology.hl7.org/CodeSystem/flag-category"
    restriction = {"system": "https://fhir.kith.example/CodeSystem/contact-restriction", "code": "listen-only"}
    detail = "http://hl7.org/fhir/StructureDefinition/flag-detail"
    return {
        "resourceType": "Flag",
        "status": "active",
        "category": [{"coding": [{"system": category, "code": "safety"}]}],
        "code": {"coding": [restriction]},
        "subject": {"reference": who},
        "period": {"start": "2026-01-05"},
        "extension": [{"url": detail, "valueReference": {"reference": stopped}}],
    }


async def post(client: httpx.AsyncClient, body: Any) -> httpx.Response:
    content = body if isinstance(body, str) else json.dumps(body)
    headers = {"Content-Type": "application/json"}
    return await client.post("http://kith.test/cds-services/patient-consent-consult", content=content, headers=headers)


async def card(client: httpx.AsyncClient, **context: Any) -> Json:
    answer = await post(client, call(**context))
    assert answer.status_code == 200, answer.text
    [found] = answer.json()["cards"]
    assert found["summary"] == found["extension"]["decision"]
    assert found.keys() == {"summary", "detail", "indicator", "source", "extension"}
    result: Json = found
    return result


@pytest.fixture(scope="module", autouse=True)
async def people(client: httpx.AsyncClient) -> None:
    """mum may know medication by word of mouth, dad was never asked about, the ex is refused."""
    who = await patient(client, "adult", "9990000018")
    for name, said in (
        ("mum", [("decision", "yes"), ("scope", "medication"), ("condition", "verbal-only")]),
        ("dad", []),
        ("ex", [("decision", "no")]),
    ):
        person = await supporter(client, who, identifier=[actor(name)])
        if said:
            await client.post(f"/{person}/$record-consent", json=parameters(*said))


async def test_the_service_is_discovered(client: httpx.AsyncClient) -> None:
    [service] = (await client.get("http://kith.test/cds-services")).json()["services"]
    assert service["hook"] == service["id"] == "patient-consent-consult"
    assert service["description"]


async def test_a_permit_with_what_must_be_heeded(client: httpx.AsyncClient) -> None:
    found = await card(client, actor=[actor("mum")], category=[scope("medication")], purposeOfUse="TREAT")
    assert (found["summary"], found["indicator"]) == ("CONSENT_PERMIT", "info")
    [obligation] = found["extension"]["obligations"]
    assert obligation["id"]["code"] == "verbal-only"
    assert found["extension"]["basedOn"][0].startswith("Consent/")


async def test_silence_is_no_consent_and_a_refusal_is_a_deny(client: httpx.AsyncClient) -> None:
    silence = await card(client, actor=[actor("dad")], category=[scope("medication")])
    refusal = await card(client, actor=[actor("ex")], category=[scope("medication")])
    assert (silence["summary"], silence["indicator"]) == ("NO_CONSENT", "warning")
    assert (refusal["summary"], refusal["indicator"]) == ("CONSENT_DENY", "critical")
    assert refusal["detail"] != silence["detail"]


async def test_the_text_of_a_card_says_what_must_be_heeded_what_is_still_allowed_and_what_to_do(
    client: httpx.AsyncClient,
) -> None:
    permit = await card(client, actor=[actor("mum")], category=[scope("medication")])
    assert permit["detail"].splitlines()[1:] == ["", "- Obligation: Tell this person by word of mouth only"]
    silence = await card(client, actor=[actor("dad")], category=[scope("medication")])
    reason, blank, *listed = silence["detail"].splitlines()
    assert reason.endswith(".")
    assert not blank
    assert listed[0] == "- Still allowed: Listen to what the person has to say"
    assert listed[-1] == "- Next: Ask the patient whether this person may be told"


async def test_the_text_of_a_card_about_several_allows_only_what_each_of_them_may_be_given(
    client: httpx.AsyncClient,
) -> None:
    who = await patient(client, "kept-apart", "9990000050")
    _, stopped = [await supporter(client, who, identifier=[actor(name)]) for name in ("free", "stopped")]
    assert (await client.post("/Flag", json=listen_only(who, stopped))).status_code == 201
    asked = {"patientId": [{"system": NHS, "value": "9990000050"}], "category": [scope("medication")]}
    alone = await card(client, actor=[actor("free")], **asked)
    both = await card(client, actor=[actor("free"), actor("stopped")], **asked)
    assert "already knows" in alone["detail"]
    assert "already knows" not in both["detail"]
    assert "- Still allowed: Listen" in both["detail"]
    assert "- Obligation: Neither confirm nor deny that this is a patient" in both["detail"]


async def test_of_several_a_deny_speaks_loudest_and_a_permit_least(client: httpx.AsyncClient) -> None:
    asked = {"category": [scope("medication")]}
    assert (await card(client, actor=[actor("mum"), actor("dad")], **asked))["summary"] == "NO_CONSENT"
    assert (await card(client, actor=[actor("mum"), actor("ex"), actor("dad")], **asked))["summary"] == "CONSENT_DENY"
    assert (await card(client, **asked))["summary"] == "CONSENT_DENY"  # nobody named: every supporter


async def test_classes_are_the_scopes_of_their_types(client: httpx.AsyncClient) -> None:
    pills, plan = ({"system": TYPES, "code": code} for code in ("MedicationRequest", "CarePlan"))
    assert (await card(client, actor=[actor("mum")], **{"class": [pills]}))["summary"] == "CONSENT_PERMIT"
    assert (await card(client, actor=[actor("mum")], **{"class": [plan, pills]}))["summary"] == "NO_CONSENT"


async def test_a_stranger_is_denied(client: httpx.AsyncClient) -> None:
    found = await card(client, actor=[actor("nobody")], category=[scope("medication")])
    assert found["summary"] == "CONSENT_DENY"


async def test_categories_of_other_systems_narrow_nothing(client: httpx.AsyncClient) -> None:
    other = {"system": "http://loinc.org", "code": "59284-0"}
    assert (await card(client, actor=[actor("mum")], category=[other]))["summary"] == "NO_CONSENT"


async def test_a_patient_with_nobody_has_nobody_who_may_be_told(client: httpx.AsyncClient) -> None:
    await patient(client, "alone", "9990000026")
    found = await card(client, patientId=[{"system": NHS, "value": "9990000026"}, {"system": "urn:mrn", "value": "7"}])
    assert (found["summary"], found["extension"]["basedOn"]) == ("NO_CONSENT", [])


@pytest.mark.parametrize(
    "context",
    [
        {"patientId": []},
        {"patientId": {}},
        {"patientId": [{"system": "urn:mrn", "value": "7"}]},
        {"patientId": [{"system": NHS, "value": 9990000018}]},
        {"patientId": [{"system": NHS, "value": "9990000018"}, {"system": NHS, "value": "9990000026"}]},
        {"patientId": [{"value": "somebody"}]},
        {"actor": [{}]},
        {"actor": "mum"},
        {"actor": [{"value": "mum"}]},
        {"category": [scope("everything")]},
        {"category": [{"code": "medication"}]},
        {"class": [{"system": TYPES, "code": "Observation"}]},
        {"class": [{"system": "urn:other", "code": "CarePlan"}]},
        {"purposeOfUse": "WHIM"},
        {"purposeOfUse": ["TREAT", "HRESCH"]},
        {"purposeOfUse": 7},
        {"scope": "research"},
        {"actor": [actor("x")] * 300, "category": [scope("medication")] * 300},
    ],
)
async def test_what_cannot_be_understood_is_400(client: httpx.AsyncClient, context: Any) -> None:
    answer = await post(client, call(**context))
    assert answer.status_code == 400, answer.text
    assert answer.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"hook": "patient-view", "hookInstance": "1", "context": {}}'])
async def test_what_is_no_call_of_the_hook_is_400(client: httpx.AsyncClient, body: str) -> None:
    assert (await post(client, body)).status_code == 400


async def test_an_unknown_patient_is_404(client: httpx.AsyncClient) -> None:
    assert (await post(client, call(patientId=[{"system": NHS, "value": "9990000034"}]))).status_code == 404


async def test_another_service_is_404(client: httpx.AsyncClient) -> None:
    assert (await client.post("http://kith.test/cds-services/other", json={})).status_code == 404
