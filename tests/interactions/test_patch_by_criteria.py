"""Conditional patch: https://hl7.org/fhir/R4/http.html#cond-update"""

import asyncio
from typing import Any

import pytest

from tests.interactions.test_patch import DEACTIVATE
from tests.record.examples import (
    create,
    issue,
    name,
    practitioner,
)


def by(value: str) -> str:
    return f"/Practitioner?identifier=urn:x|{value}"


async def by_criteria(client, url, *operations, **headers):
    sent = {"Content-Type": "application/json-patch+json", **headers}
    return await client.patch(url, json=list(operations), headers=sent)


def identified(value: str) -> dict[str, Any]:
    return practitioner(identifier=[{"system": "urn:x", "value": value}])


async def test_criteria_that_find_one_resource_patch_it(client):
    stored = await create(client, identified("one"))
    response = await by_criteria(client, by("one"), DEACTIVATE)
    assert (response.status_code, response.json()["id"]) == (200, stored["id"])
    assert response.json()["active"] is False


async def test_criteria_that_find_nothing_are_not_found(client):
    assert (await by_criteria(client, by("nobody"), DEACTIVATE)).status_code == 404


async def test_criteria_that_find_several_change_none(client):
    stored = [await create(client, identified("several")) for _ in range(2)]
    response = await by_criteria(client, by("several"), DEACTIVATE)
    assert (response.status_code, issue(response)["code"]) == (412, "multiple-matches")
    for each in stored:
        assert (await client.get(f"/{name(each)}")).json() == each


@pytest.mark.parametrize("url", ["/Practitioner", "/Practitioner?", "/Practitioner?_format=json"])
async def test_without_criteria_nothing_is_patched(client, url):
    assert (await by_criteria(client, url, DEACTIVATE)).status_code == 412


async def test_criteria_that_are_not_known_are_refused(client):
    assert (await by_criteria(client, "/Practitioner?nonsense=1", DEACTIVATE)).status_code == 400


async def test_a_conditional_patch_honours_if_match(client):
    await create(client, identified("matched"))
    assert (await by_criteria(client, by("matched"), DEACTIVATE, **{"If-Match": 'W/"2"'})).status_code == 412
    assert (await by_criteria(client, by("matched"), DEACTIVATE, **{"If-Match": 'W/"1"'})).status_code == 200


async def test_of_conditional_patches_at_once_none_is_lost(client):
    await create(client, identified("at-once"))
    sent = [{"op": "add", "path": "/identifier/-", "value": {"value": f"{index}"}} for index in range(8)]
    responses = await asyncio.gather(*(by_criteria(client, by("at-once"), each) for each in sent))
    assert {response.status_code for response in responses} == {200}
    found = (await client.get(by("at-once"))).json()["entry"][0]["resource"]
    assert len(found["identifier"]) == 9
