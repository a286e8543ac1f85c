"""Patients, supporters and questions that the tests of the doors share."""

from typing import Any

import httpx

NHS = "https://fhir.nhs.uk/Id/nhs-number"
SCOPES = "https://fhir.kith.example/CodeSystem/sharing-scope"
EXTENSION = "https://fhir.kith.example/StructureDefinition"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

Json = dict[str, Any]


def parameters(*given: tuple[str, Any]) -> Json:
    """A Parameters resource; what value[x] a value is goes by its name."""
    kinds = {
        "decided": "valueDateTime",
        "until": "valueDateTime",
        "nextReview": "valueDateTime",
        "recorder": "valueReference",
        "replaces": "valueReference",
        "patient": "valueReference",
        "recipient": "valueReference",
    }
    written = [{"name": name, kinds.get(name, "valueCode"): value} for name, value in given]
    return {"resourceType": "Parameters", **({"parameter": written} if written else {})}


async def patient(client: httpx.AsyncClient, id_: str, number: str = "") -> str:
    """Stores an adult Patient; its reference."""
    body: Json = {"resourceType": "Patient", "id": id_, "birthDate": "1980-02-01"}
    if number:
        body["identifier"] = [{"system": NHS, "value": number}]
    answer = await client.put(f"/Patient/{id_}", json=body)
    assert answer.status_code in (200, 201), answer.text
    return f"Patient/{id_}"


async def supporter(client: httpx.AsyncClient, patient: str, **more: Any) -> str:
    """Stores a RelatedPerson of that patient; its reference."""
    body = {"resourceType": "RelatedPerson", "patient": {"reference": patient}, **more}
    answer = await client.post("/RelatedPerson", json=body)
    assert answer.status_code == 201, answer.text
    return f"RelatedPerson/{answer.json()['id']}"


def answers(body: Json) -> list[Json]:
    """The answers of a Parameters resource, each as a mapping of its parts."""
    return [
        {part["name"]: next(value for name, value in part.items() if name != "name") for part in found["part"]}
        for found in body["parameter"]
        if found["name"] == "answer"
    ]


def decisions(body: Json) -> dict[str, str]:
    """The basis of each scope."""
    return {answer["scope"]: answer["basis"] for answer in answers(body)}


def consent_of(body: Json) -> str:
    """The versioned reference that a short path answers with."""
    [reference] = [each["valueReference"]["reference"] for each in body["parameter"] if each["name"] == "consent"]
    return str(reference)


async def consents(client: httpx.AsyncClient, patient: str) -> list[Json]:
    """The Consents of a patient."""
    answer = await client.get("/Consent", params={"patient": patient, "_count": "100"})
    return [entry["resource"] for entry in answer.json().get("entry", [])]
