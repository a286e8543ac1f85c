"""`python -m bench.social_map`: how long the social map of fifty people takes, as a graph and as a picture."""

import asyncio
import statistics
import time
from typing import Annotated, Any

import httpx
import typer

from app.fhir.canonical import BASE
from bench import inside

PATIENT = "Patient/mapped"
# Milliseconds.
TARGET = 100
_HL7 = "http://terminology.hl7.org/CodeSystem"
_CIRCLES = ("inner", "middle", "outer")
_SCOPES = ("care-plan", "meetings", "make-contact", "service-contact")
Json = dict[str, Any]


def measure(
    people: Annotated[int, typer.Option(min=1, help="How many people are on the map.")] = 50,
    number: Annotated[int, typer.Option("--rounds", min=1, help="How often it is drawn.")] = 40,
) -> None:
    """Record a map, a consent for each person on it, and draw it."""
    with inside.folder() as folder, inside.database(folder) as url:
        asyncio.run(_measured(url, people, number))


async def _measured(url: str, people: int, number: int) -> None:
    async with inside.kith(url) as client:
        for body in records(people):
            answer = await client.put(f"/{body['resourceType']}/{body['id']}", json=body)
            assert answer.status_code == httpx.codes.CREATED, answer.text
        for name, accept in (("graph", "application/json"), ("picture", "image/svg+xml")):
            times = [await _once(client, accept) for _ in range(number)]
            # The first reads everything; those after it find what was read of the same rows.
            later = statistics.median(times[1:])
            print(
                f"{name} of {people} people: first {times[0]:.0f} ms, then {later:.0f} ms (target {TARGET})", flush=True
            )


async def _once(client: httpx.AsyncClient, accept: str) -> float:
    began = time.perf_counter()
    answer = await client.get(f"/{PATIENT}/$social-map", headers={"Accept": accept})
    assert answer.status_code == httpx.codes.OK, answer.text
    return (time.perf_counter() - began) * 1000


def records(people: int) -> list[Json]:
    """A patient, so many people, a consent for each, and the map with a tie to each and between neighbours."""
    of = {"reference": PATIENT}
    made: list[Json] = [{"resourceType": "Patient", "id": "mapped", "name": [{"family": "Mapped"}]}]
    for turn in range(people):
        name = [{"family": f"Family{turn}", "given": [f"Given{turn}"]}]
        role = [_coded("carer-role", "carer")]
        made.append({
            "resourceType": "RelatedPerson", "id": f"s{turn}", "active": True, "patient": of, "name": name,
            "relationship": role,
        })  # fmt: skip
        made.append(_consent(turn, of))
    return [*made, _map(people, of)]


def _map(people: int, of: Json) -> Json:
    entries = [{"extension": [_tie(turn)], "item": {"reference": f"RelatedPerson/s{turn}"}} for turn in range(people)]
    return {
        "resourceType": "List", "id": "map", "status": "current", "mode": "working", "subject": of,
        "code": _coded("list-code", "social-systems-map"), "date": "2026-03-02", "entry": entries,
    }  # fmt: skip


def _tie(turn: int) -> Json:
    parts = (
        ("closeness", _CIRCLES[turn % 3]), ("effect-on-patient", ("helps", "hinders")[turn % 2]),
        ("effect-of-patient", "mixed"), ("strength", "strong"),
    )  # fmt: skip
    said = [{"url": name, "valueCode": code} for name, code in parts]
    group = {"url": "group", "valueString": f"Group {turn % 5}"}
    return {"url": f"{BASE}/StructureDefinition/tie", "extension": [*said, group]}


def _consent(turn: int, of: Json) -> Json:
    role = {"coding": [{"system": f"{_HL7}/v3-ParticipationType", "code": "IRCP"}]}
    return {
        "resourceType": "Consent",
        "id": f"c{turn}",
        "status": "active",
        "scope": {"coding": [{"system": f"{_HL7}/consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": f"{_HL7}/v3-ActCode", "code": "INFA"}]}],
        "patient": of,
        "dateTime": "2026-01-05T10:00:00Z",
        "performer": [of],
        "policyRule": {"coding": [{"system": f"{_HL7}/v3-ActCode", "code": "OPTIN"}]},
        "provision": {
            "type": "permit",
            "actor": [{"role": role, "reference": {"reference": f"RelatedPerson/s{turn}"}}],
            "code": [_coded("sharing-scope", scope) for scope in _SCOPES],
        },
    }


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": f"{BASE}/CodeSystem/{system}", "code": code}]}


if __name__ == "__main__":
    typer.run(measure)
