"""Questions as AuthZEN asks them, and the people that they are about."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.operations.asking import Json, parameters, patient, supporter


class People:
    """Whom the tests ask about."""

    mum = ""
    dad = ""


@pytest.fixture
async def people(client: httpx.AsyncClient) -> AsyncIterator[People]:
    """An adult whose mother may know the medication, and whose father was never asked about."""
    found = People()
    who = await patient(client, "adult", "9990000018")
    found.mum, found.dad = await supporter(client, who), await supporter(client, who)
    said = parameters(("decision", "yes"), ("scope", "medication"), ("condition", "verbal-only"))
    answer = await client.post(f"/{found.mum}/$record-consent", json=said)
    assert answer.status_code == 200, answer.text
    yield found
    for person in (found.mum, found.dad):  # so that the next test has its own people
        body = (await client.get(f"/{person}")).json()
        await client.put(f"/{person}", json=body | {"active": False})


def evaluation(person: str, *scopes: str, **more: Any) -> Json:
    type_, _, id_ = person.partition("/")
    properties = {"scope": scopes[0] if len(scopes) == 1 else list(scopes)} if scopes else {}
    return {
        "subject": {"type": type_, "id": id_},
        "action": {"name": "disclose"},
        "resource": {"type": "patient-information", "id": "Patient/adult", "properties": properties},
        **more,
    }


async def post(client: httpx.AsyncClient, path: str, body: Any, **headers: str) -> httpx.Response:
    content = body if isinstance(body, str) else json.dumps(body)
    sent = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return await client.post(f"http://kith.test/{path}", content=content, headers=sent)


async def evaluate(client: httpx.AsyncClient, body: Any) -> Json:
    answer = await post(client, "access/v1/evaluation", body)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def without(body: Json, *path: str) -> Json:
    copy: Json = json.loads(json.dumps(body))
    holder = copy
    for name in path[:-1]:
        holder = holder[name]
    del holder[path[-1]]
    return copy


def changed(body: Json, value: Any, *path: str) -> Json:
    copy: Json = json.loads(json.dumps(body))
    holder = copy
    for name in path[:-1]:
        holder = holder.setdefault(name, {})
    holder[path[-1]] = value
    return copy


BODY = evaluation("RelatedPerson/x", "medication")
