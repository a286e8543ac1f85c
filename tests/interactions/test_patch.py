"""patch: https://hl7.org/fhir/R4/http.html#patch"""

import asyncio
from collections import Counter
from typing import Any

import pytest

from tests.conftest import running
from tests.record.examples import (
    by_number,
    content,
    create,
    found,
    issue,
    issues,
    name,
    nhs_number,
    organization,
    patch,
    patient,
    plan,
    practitioner,
    supporter,
)

DEACTIVATE = {"op": "add", "path": "/active", "value": False}


def fhirpath(*operations: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        {"name": "operation", "part": [{"name": part, **value} for part, value in operation.items()]}
        for operation in operations
    ]
    return {"resourceType": "Parameters", "parameter": parameters}


def replace(path: str, **value: Any) -> dict[str, Any]:
    return {"type": {"valueCode": "replace"}, "path": {"valueString": path}, "value": value}


async def send(client, resource, body, **headers):
    return await client.patch(f"/{name(resource)}", json=body, headers=headers)


async def test_a_json_patch_makes_the_next_version(client):
    stored = await create(client, practitioner())
    response = await patch(client, stored, DEACTIVATE)
    assert response.status_code == 200
    assert response.headers["ETag"] == 'W/"2"'
    assert response.json()["meta"]["versionId"] == "2"
    assert content(response.json()) == {**content(stored), "active": False}
    assert (await client.get(f"/{name(stored)}")).json() == response.json()
    assert (await client.get(f"/{name(stored)}/_history/1")).json() == stored


async def test_a_fhirpath_patch_makes_the_next_version(client):
    stored = await create(client, practitioner())
    response = await send(client, stored, fhirpath(replace("Practitioner.name[0].family", valueString="Sister")))
    assert response.status_code == 200, response.text
    assert response.json()["name"] == [{"family": "Sister"}]
    assert response.headers["ETag"] == 'W/"2"'


async def test_its_history_says_that_it_was_patched(client):
    stored = await create(client, practitioner())
    await patch(client, stored, DEACTIVATE)
    newest = (await client.get(f"/{name(stored)}/_history")).json()["entry"][0]
    assert newest["request"] == {"method": "PATCH", "url": name(stored)}
    assert newest["response"]["status"] == "200"


async def test_searches_find_what_was_patched(client):
    stored = await create(client, organization(name="Before Patching"))
    await patch(client, stored, {"op": "replace", "path": "/name", "value": "After Patching"})
    assert await found(client, "/Organization?name=Before Patching") == set()
    assert await found(client, "/Organization?name=After Patching") == {stored["id"]}


async def test_decimals_keep_their_digits(client):
    stored = await create(client, practitioner())
    body = b'[{"op":"add","path":"/extension","value":[{"url":"https://example.org/d","valueDecimal":1.50}]}]'
    sent = {"Content-Type": "application/json-patch+json"}
    response = await client.patch(f"/{name(stored)}", content=body, headers=sent)
    assert b'"valueDecimal":1.50' in response.content


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/resourceType", "value": "Practitioner"},
        {"op": "replace", "path": "/name/0/family", "value": "Nurse"},
        {"op": "replace", "path": "/meta/versionId", "value": "40"},
        {"op": "remove", "path": "/meta/lastUpdated"},
    ],
)
async def test_a_patch_that_changes_nothing_makes_no_version(client, operation):
    stored = await create(client, practitioner())
    response = await patch(client, stored, operation)
    assert (response.status_code, response.headers["ETag"]) == (200, 'W/"1"')
    assert response.json() == stored
    assert (await client.get(f"/{name(stored)}/_history")).json()["total"] == 1


async def test_the_result_is_judged_like_an_update(client):
    stored = await create(client, practitioner())
    response = await patch(
        client,
        stored,
        {"op": "add", "path": "/gender", "value": "sometimes"},
        {"op": "add", "path": "/active", "value": "yes"},
    )
    assert response.status_code == 422
    assert {each["expression"][0] for each in issues(response)} == {"Practitioner.gender", "Practitioner.active"}
    assert (await client.get(f"/{name(stored)}")).json() == stored


async def test_references_are_checked_like_those_of_an_update(client):
    of = by_number(nhs_number())
    stored = await create(client, plan(of))
    team = {"op": "add", "path": "/careTeam", "value": [{"reference": "CareTeam/absent"}]}
    response = await patch(client, stored, team)
    assert response.status_code == 422
    assert issue(response)["expression"] == ["CarePlan.careTeam[0]"]


async def test_a_record_cannot_be_patched_into_another_patients(client):
    stored = await create(client, supporter(by_number(nhs_number())))
    other = await create(client, patient(nhs_number()))
    moved = {"op": "replace", "path": "/patient", "value": {"reference": name(other)}}
    assert (await patch(client, stored, moved)).status_code == 422


@pytest.mark.parametrize("path", ["/id", "/resourceType"])
@pytest.mark.parametrize("op", ["replace", "remove"])
async def test_what_makes_a_resource_this_one_cannot_be_changed(client, op, path):
    stored = await create(client, practitioner())
    response = await patch(client, stored, {"op": op, "path": path, "value": "Patient"})
    assert response.status_code == 422
    assert issue(response)["expression"] == [f"Practitioner.{path[1:]}"]


async def test_an_operation_that_does_not_fit_is_named(client):
    stored = await create(client, practitioner())
    response = await patch(client, stored, DEACTIVATE, {"op": "remove", "path": "/telecom/0"})
    assert response.status_code == 422
    assert "Operation 1 (remove /telecom/0)" in issue(response)["diagnostics"]
    assert (await client.get(f"/{name(stored)}")).json() == stored


async def test_an_operation_of_a_fhirpath_patch_that_does_not_fit_is_named(client):
    stored = await create(client, practitioner())
    operations = (replace("Practitioner.active", valueBoolean=True), replace("Practitioner.name[3]", valueString="x"))
    response = await send(client, stored, fhirpath(*operations))
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Parameters.parameter[0]"]


async def test_a_test_that_fails_changes_nothing(client):
    stored = await create(client, practitioner())
    response = await patch(client, stored, DEACTIVATE, {"op": "test", "path": "/active", "value": True})
    assert response.status_code == 422
    assert (await client.get(f"/{name(stored)}")).json() == stored


@pytest.mark.parametrize("body", [b"", b"{}", b'[{"op":"jump","path":"/x"}]', b"[1]", b"nonsense", b"\xff"])
async def test_a_body_that_is_no_patch_is_a_bad_request(client, body):
    stored = await create(client, practitioner())
    sent = {"Content-Type": "application/json-patch+json"}
    response = await client.patch(f"/{name(stored)}", content=body, headers=sent)
    assert response.status_code == 400
    assert issues(response)


async def test_a_fhirpath_patch_may_come_as_plain_json_and_a_json_patch_may_not(client):
    stored = await create(client, practitioner())
    plain = {"Content-Type": "application/json"}
    body = fhirpath(replace("Practitioner.name[0].family", valueString="Sister"))
    assert (await send(client, stored, body, **plain)).status_code == 200
    refused = await send(client, stored, [DEACTIVATE], **plain)
    assert (refused.status_code, "json-patch+json" in issue(refused)["diagnostics"]) == (400, True)


async def test_the_resource_itself_is_no_fhirpath_patch(client):
    stored = await create(client, practitioner())
    response = await send(client, stored, {**stored, "active": False})
    assert response.status_code == 400
    assert "Parameters" in issue(response)["diagnostics"]


@pytest.mark.parametrize("content_type", ["application/merge-patch+json", "text/plain", ""])
async def test_another_media_type_is_told_which_are_taken(client, content_type):
    stored = await create(client, practitioner())
    response = await send(client, stored, [DEACTIVATE], **{"Content-Type": content_type})
    assert response.status_code == 415
    assert response.headers["Accept-Patch"].startswith("application/json-patch+json, application/fhir+json")


async def test_what_never_was_cannot_be_patched(client):
    absent = {"resourceType": "Practitioner", "id": "absent"}
    assert (await patch(client, absent, DEACTIVATE)).status_code == 404
    assert (await client.get("/Practitioner/absent")).status_code == 404


async def test_what_was_deleted_cannot_be_patched(client):
    stored = await create(client, practitioner())
    await client.delete(f"/{name(stored)}")
    assert (await patch(client, stored, DEACTIVATE)).status_code == 410


async def test_if_match_is_honoured(client):
    stored = await create(client, practitioner())
    assert (await patch(client, stored, DEACTIVATE, **{"If-Match": 'W/"9"'})).status_code == 412
    assert (await patch(client, stored, DEACTIVATE, **{"If-Match": 'W/"1"'})).status_code == 200
    late = {"op": "replace", "path": "/active", "value": True}
    assert (await patch(client, stored, late, **{"If-Match": 'W/"1"'})).status_code == 412


async def test_where_if_match_is_required_a_patch_without_it_is_refused(module_database_url):
    async with running(module_database_url, require_if_match=True) as strict:
        stored = await create(strict, practitioner())
        assert (await patch(strict, stored, DEACTIVATE)).status_code == 400
        assert (await patch(strict, stored, DEACTIVATE, **{"If-Match": 'W/"1"'})).status_code == 200


async def test_the_answer_is_what_the_caller_prefers(client):
    stored = await create(client, practitioner())
    minimal = await patch(client, stored, DEACTIVATE, Prefer="return=minimal")
    assert (minimal.status_code, minimal.content, minimal.headers["ETag"]) == (200, b"", 'W/"2"')
    back = {"op": "replace", "path": "/active", "value": True}
    outcome = await patch(client, stored, back, Prefer="return=OperationOutcome")
    assert issue(outcome)["severity"] == "information"
    assert issue(outcome)["diagnostics"] == f"Stored as {name(stored)}/_history/3."
    again = await patch(client, stored, back, Prefer="return=OperationOutcome")
    assert issue(again)["diagnostics"] == f"{name(stored)}/_history/3 stands: nothing was stored."


async def test_of_patches_at_once_none_is_lost(client):
    stored = await create(client, practitioner())
    begin = await patch(client, stored, {"op": "add", "path": "/identifier", "value": [{"value": "first"}]})
    assert begin.status_code == 200
    sent = [{"op": "add", "path": "/identifier/-", "value": {"value": f"{index}"}} for index in range(16)]
    responses = await asyncio.gather(*(patch(client, stored, each) for each in sent))
    assert {response.status_code for response in responses} == {200}
    values = {each["value"] for each in (await client.get(f"/{name(stored)}")).json()["identifier"]}
    assert values == {"first", *(f"{index}" for index in range(16))}


async def test_of_patches_at_once_with_one_test_exactly_one_happens(client):
    stored = await create(client, practitioner(active=True))
    once = ({"op": "test", "path": "/active", "value": True}, {"op": "replace", "path": "/active", "value": False})
    responses = await asyncio.gather(*(patch(client, stored, *once) for _ in range(8)))
    assert Counter(response.status_code for response in responses) == {200: 1, 422: 7}


async def test_a_result_larger_than_a_body_may_be_is_refused(module_database_url):
    async with running(module_database_url, max_body_bytes=2000) as small:
        stored = await create(small, practitioner(qualification=[{"code": {"text": "x" * 900}}]))
        copy = {"op": "copy", "from": "/qualification/0", "path": "/qualification/-"}
        response = await patch(small, stored, copy, copy)
        assert response.status_code == 422
        assert issue(response)["code"] == "too-long"


async def test_a_patch_is_on_record(client):
    stored = await create(client, practitioner())
    await patch(client, stored, DEACTIVATE)
    await patch(client, stored, DEACTIVATE)
    await patch(client, stored, {"op": "remove", "path": "/nothing"})
    events = (await client.get(f"/AuditEvent?entity={name(stored)}")).json()["entry"]
    patches = [each["resource"] for each in events if each["resource"]["subtype"][0]["code"] == "patch"]
    assert [each["outcome"] for each in patches] == ["4", "0", "0"]
    assert {each["action"] for each in patches} == {"U"}
