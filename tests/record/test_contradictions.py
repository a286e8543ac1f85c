"""A reference that names a patient twice names one patient."""

import httpx

SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"


async def patient(client: httpx.AsyncClient, id_: str, number: str) -> None:
    body = {"resourceType": "Patient", "id": id_, "identifier": [{"system": SYSTEM, "value": number}]}
    assert (await client.put(f"/Patient/{id_}", json=body)).status_code in (200, 201)


async def supporter_of(client: httpx.AsyncClient, reference: str, number: str) -> httpx.Response:
    named = {"reference": reference, "identifier": {"system": SYSTEM, "value": number}}
    return await client.post("/RelatedPerson", json={"resourceType": "RelatedPerson", "patient": named})


async def test_a_reference_and_a_number_of_two_patients_are_refused_at_the_element(client: httpx.AsyncClient) -> None:
    await patient(client, "one", "9990000018")
    await patient(client, "two", "9990000026")
    refused = await supporter_of(client, "Patient/one", "9990000026")
    assert refused.status_code == 422
    assert refused.json()["issue"][0]["expression"] == ["RelatedPerson.patient"]


async def test_a_reference_and_a_number_of_one_patient_are_one_name(client: httpx.AsyncClient) -> None:
    await patient(client, "one", "9990000018")
    stored = await supporter_of(client, "Patient/one", "9990000018")
    assert stored.status_code == 201
    found = await client.get("/RelatedPerson", params={"patient": "9990000018", "_id": stored.json()["id"]})
    assert found.json()["total"] == 1


async def test_a_number_that_nobody_has_says_nothing_against_the_reference(client: httpx.AsyncClient) -> None:
    await patient(client, "one", "9990000018")
    assert (await supporter_of(client, "Patient/one", "9990000034")).status_code == 201
    assert (await client.get("/Patient", params={"identifier": "9990000034"})).json()["total"] == 0


async def test_a_supporter_named_by_identifier_in_an_exception_is_kept(client: httpx.AsyncClient) -> None:
    await patient(client, "one", "9990000018")
    named = {"system": "https://example.org/supporters", "value": "rob"}
    patients = {"reference": "Patient/one"}
    person = {
        "resourceType": "RelatedPerson",
        "id": "rob",
        "patient": patients,
        "identifier": [named],
    }
    assert (await client.put("/RelatedPerson/rob", json=person)).status_code == 201
    role = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"}]}
    consent = {
        "resourceType": "Consent",
        "status": "draft",
        "scope": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]
        },
        "category": [{"text": "sharing"}],
        "policyRule": {"text": "local"},
        "patient": patients,
        "provision": {
            "type": "permit",
            "provision": [{"type": "deny", "actor": [{"role": role, "reference": {"identifier": named}}]}],
        },
    }
    assert (await client.post("/Consent", json=consent)).status_code == 201
    assert (await client.delete("/RelatedPerson/rob")).status_code == 409
