"""Provenances as clients send them, and how they are found again."""

import json
from typing import Any

import httpx

from app.fhir.change import is_change

Resource = dict[str, Any]
PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
AT = "2026-03-03T10:00:00Z"


def part(code: str, who: Resource) -> Resource:
    return {"type": {"coding": [{"system": PARTICIPANT, "code": code}]}, "who": who}


def provenance(*who: Resource, **more: Any) -> Resource:
    """A Provenance without target: these agreed."""
    return {"resourceType": "Provenance", "recorded": AT, "agent": [part("attester", one) for one in who], **more}


def header(sent: Any) -> dict[str, str]:
    return {"X-Provenance": sent if isinstance(sent, str) else json.dumps(sent)}


async def stored(client: httpx.AsyncClient, **asked: str) -> list[Resource]:
    """The Provenances of clients that a search finds."""
    answer = await client.get("/Provenance", params={**asked, "_count": "500"})
    assert answer.status_code == 200, answer.text
    found = [entry["resource"] for entry in answer.json().get("entry", ())]
    return [one for one in found if not is_change(one["id"])]
