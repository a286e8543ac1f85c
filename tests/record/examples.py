"""Small resources to write, and the few steps that most tests of the record begin with."""

import itertools
from typing import Any

import httpx

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
UNVERIFIED = "unverified"
LOCAL = "https://trust.example.org/local"

Resource = dict[str, Any]


def _numbers() -> "itertools.chain[str]":
    def valid(start: int) -> str:
        digits = f"{start:09d}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        return "" if check == 10 else digits + str(check % 11)

    return itertools.chain(filter(None, map(valid, itertools.count(999_100_000))))


_NUMBERS = _numbers()


def nhs_number() -> str:
    """A made-up NHS number that no other test has."""
    return next(_NUMBERS)


def by_number(number: str) -> Resource:
    """A reference to the patient with an NHS number."""
    return {"type": "Patient", "identifier": {"system": NHS_NUMBER, "value": number}}


def patient(number: str = "", **more: Any) -> Resource:
    identifier = {"identifier": [{"system": NHS_NUMBER, "value": number}]} if number else {}
    return {"resourceType": "Patient", **identifier, "name": [{"family": "Example"}], **more}


def supporter(of: Resource, **more: Any) -> Resource:
    return {"resourceType": "RelatedPerson", "patient": of, "name": [{"family": "Supporter"}], **more}


def practitioner(**more: Any) -> Resource:
    return {"resourceType": "Practitioner", "name": [{"family": "Nurse"}], **more}


def organization(**more: Any) -> Resource:
    return {"resourceType": "Organization", "name": "Crisis Team", **more}


def plan(of: Resource, **more: Any) -> Resource:
    return {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": of, **more}


def team(of: Resource, *members: str, **more: Any) -> Resource:
    participant = {"participant": [{"member": {"reference": member}} for member in members]} if members else {}
    return {"resourceType": "CareTeam", "status": "active", "subject": of, **participant, **more}


def consent(of: Resource, *recipients: str, status: str = "active", **more: Any) -> Resource:
    """A Consent by which the patient lets each of the recipients be told."""
    role = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"}]}
    actor = {"actor": [{"role": role, "reference": {"reference": name}} for name in recipients]} if recipients else {}
    return {
        "resourceType": "Consent",
        "status": status,
        "scope": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]
        },
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": of,
        "dateTime": "2026-01-05T10:00:00Z",
        "policyRule": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTIN"}]},
        "provision": {"type": "permit", **actor},
        **more,
    }


def to(resource: Resource) -> Resource:
    """A literal reference to something stored."""
    return {"reference": name(resource)}


def name(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


async def create(client: httpx.AsyncClient, resource: Resource) -> Resource:
    """Stores a resource by POST; what the service answered."""
    response = await client.post(f"/{resource['resourceType']}", json=resource)
    assert response.status_code == 201, response.text
    return response.json()


async def put(client: httpx.AsyncClient, resource: Resource, **headers: str) -> httpx.Response:
    return await client.put(f"/{name(resource)}", json=resource, headers=headers)


async def patch(client: httpx.AsyncClient, resource: Resource, *operations: Any, **headers: str) -> httpx.Response:
    """Patches a stored resource by JSON Patch."""
    sent = {"Content-Type": "application/json-patch+json", **headers}
    return await client.patch(f"/{name(resource)}", json=list(operations), headers=sent)


async def found(client: httpx.AsyncClient, search: str) -> set[str]:
    """The ids that a search finds."""
    response = await client.get(search)
    assert response.status_code == 200, response.text
    return {entry["resource"]["id"] for entry in response.json().get("entry", ())}


def content(resource: Resource) -> Resource:
    """A resource without what the service adds to it: id, and version and time in meta."""
    meta = {key: value for key, value in resource.get("meta", {}).items() if key not in ("versionId", "lastUpdated")}
    rest = {key: value for key, value in resource.items() if key not in ("id", "meta")}
    return {**rest, "meta": meta} if meta else rest


def issue(response: httpx.Response) -> Resource:
    """The only issue of an answer that is an OperationOutcome."""
    (found,) = issues(response)
    return found


def issues(response: httpx.Response) -> list[Resource]:
    assert response.headers["content-type"] == "application/fhir+json; charset=utf-8"
    outcome = response.json()
    assert outcome["resourceType"] == "OperationOutcome"
    return outcome["issue"]
