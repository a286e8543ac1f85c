"""Conditional writes: https://hl7.org/fhir/R4/http.html#ccreate, https://hl7.org/fhir/R4/http.html#cond-update"""

from uuid import uuid4

import pytest

from tests.interactions.bundles import delete, entry, post, send
from tests.interactions.conditional import identified, linked, unless
from tests.record.examples import (
    LOCAL,
    by_number,
    consent,
    create,
    found,
    issue,
    name,
    nhs_number,
    organization,
    practitioner,
    supporter,
)

BASE = "http://kith.test/FHIR/R4"


async def test_a_conditional_create_creates_once_and_then_answers_what_is_there(client):
    value = str(uuid4())
    made = await unless(client, f"identifier={LOCAL}|{value}", identified(value))
    again = await unless(client, f"identifier={LOCAL}|{value}", identified(value, name="Other"))
    assert (made.status_code, again.status_code) == (201, 200)
    assert again.json() == made.json()
    assert again.headers["ETag"] == made.headers["ETag"] == 'W/"1"'
    assert "Location" not in again.headers


async def test_several_matches_are_refused_and_change_nothing(client):
    value = str(uuid4())
    for _ in range(2):
        await create(client, identified(value))
    criteria = f"identifier={value}"
    refused = [
        await unless(client, criteria, identified(value)),
        await client.put(f"/Organization?{criteria}", json=identified(value)),
        await client.delete(f"/Organization?{criteria}"),
        await send(client, post(identified(value), ifNoneExist=criteria)),
        await send(client, entry("PUT", f"Organization?{criteria}", identified(value))),
        await send(client, delete(f"Organization?{criteria}")),
        await send(client, post(practitioner(extension=[linked(f"Organization?{criteria}")]))),
    ]
    assert [each.status_code for each in refused] == [412] * 7
    assert [issue(each).get("expression") for each in refused[3:]] == [
        ["Bundle.entry[0].request.ifNoneExist"],
        ["Bundle.entry[0].request.url"],
        ["Bundle.entry[0].request.url"],
        ["Bundle.entry[0].resource.extension[0].value.reference"],
    ]
    assert len(await found(client, f"/Organization?{criteria}")) == 2


@pytest.mark.parametrize(
    ("criteria", "status"),
    [
        ("", 400),
        ("identifer=a", 400),
        ("identifier=", 400),
        ("identifier=a&_count=1", 400),
        ("_sort=name", 400),
        ("_summary=count", 400),
        ("name:like=a", 400),
        ("_cursor=x", 400),
        ("identifier=%ff", 400),
        ("identifier=a,", 400),
    ],
)
async def test_criteria_that_are_not_understood_never_match_everything(client, criteria, status):
    before = (await client.get("/Organization?_summary=count")).json()["total"]
    assert (await unless(client, criteria, organization())).status_code == status
    assert (await client.put(f"/Organization?{criteria}", json=organization())).status_code in (status, 412)
    assert (await client.delete(f"/Organization?{criteria}")).status_code in (status, 412)
    assert (await send(client, post(organization(), ifNoneExist=criteria or "?"))).status_code in (status, 412)
    assert (await send(client, delete(f"Organization?{criteria}"))).status_code in (400, 412)
    assert (await client.get("/Organization?_summary=count")).json()["total"] == before


async def test_whoever_wants_no_body_learns_which_resource_the_criteria_found(client):
    value, minimal = str(uuid4()), {"Prefer": "return=minimal"}
    url, stored = f"/Organization?identifier={value}", await create(client, identified(value))
    again = await client.post("/Organization", json=identified(value), headers={**minimal, "If-None-Exist": url[14:]})
    changed = await client.put(url, json=identified(value, name="Changed"), headers=minimal)
    patched = await client.patch(
        url,
        json=[{"op": "add", "path": "/active", "value": True}],
        headers={**minimal, "Content-Type": "application/json-patch+json"},
    )
    assert [each.headers["Content-Location"] for each in (again, changed, patched)] == [
        f"{BASE}/{name(stored)}/_history/{version}" for version in (1, 2, 3)
    ]
    assert [each.content for each in (again, changed, patched)] == [b""] * 3


async def test_nobody_is_told_of_a_version_that_was_not_stored(client):
    value, told = str(uuid4()), {"Prefer": "return=OperationOutcome"}
    stored, criteria = await create(client, identified(value)), f"identifier={value}"
    again = await client.post("/Organization", json=identified(value), headers={**told, "If-None-Exist": criteria})
    in_bundle = await send(client, post(identified(value), ifNoneExist=criteria), **told)
    for outcome in (again.json(), in_bundle.json()["entry"][0]["response"]["outcome"]):
        [said] = outcome["issue"]
        assert said["diagnostics"] == f"{name(stored)}/_history/1 stands: nothing was stored."


@pytest.mark.parametrize("address", ["?", "Organization?", "/Organization?", f"{BASE}/Organization?"])
async def test_criteria_of_a_create_may_stand_behind_the_address_of_the_type(client, address):
    value = str(uuid4())
    stored = await create(client, identified(value))
    criteria = f"{address}identifier={LOCAL}%7C{value}"
    again = await unless(client, criteria, identified(value))
    in_bundle = await send(client, post(identified(value), ifNoneExist=criteria))
    assert (again.status_code, again.json()) == (200, stored)
    assert in_bundle.json()["entry"][0]["resource"] == stored


async def test_a_question_mark_in_a_value_begins_no_criteria(client):
    stored = await create(client, organization(identifier=[{"system": "https://local.example/a?b", "value": "1"}]))
    again = await unless(client, "identifier=https://local.example/a?b|1", organization())
    assert again.json() == stored


@pytest.mark.parametrize("address", ["Patient?", "Organization/1?", "https://other.example/fhir/Organization?", "x?"])
async def test_criteria_behind_another_address_are_refused(client, address):
    before = (await client.get("/Organization?_summary=count")).json()["total"]
    criteria = f"{address}identifier=a"
    alone, in_bundle = (
        await unless(client, criteria, organization()),
        await send(client, post(organization(), ifNoneExist=criteria)),
    )
    assert [each.status_code for each in (alone, in_bundle)] == [400, 400]
    assert issue(in_bundle)["expression"] == ["Bundle.entry[0].request.ifNoneExist"]
    assert (await client.get("/Organization?_summary=count")).json()["total"] == before


async def test_leniency_is_not_for_criteria(client):
    headers = {"If-None-Exist": "identifer=a", "Prefer": "handling=lenient"}
    assert (await client.post("/Organization", json=organization(), headers=headers)).status_code == 400
    response = await client.delete("/Organization?nonsense=a", headers={"Prefer": "handling=lenient"})
    assert response.status_code == 400


async def test_a_conditional_update_creates_updates_and_then_finds_by_the_new_content(client):
    value = str(uuid4())
    url = f"/Organization?identifier={LOCAL}|{value}"
    made = await client.put(url, json=identified(value))
    changed = await client.put(url, json=identified(value, name="Changed"))
    assert (made.status_code, changed.status_code) == (201, 200)
    assert changed.json()["id"] == made.json()["id"]
    assert changed.headers["ETag"] == 'W/"2"'


async def test_the_id_in_the_body_of_a_conditional_update_must_be_that_of_the_match(client):
    value = str(uuid4())
    url = f"/Organization?identifier={LOCAL}|{value}"
    made = (await client.put(url, json=identified(value, id=f"mine-{value}"))).json()
    assert made["id"] == f"mine-{value}"
    assert (await client.put(url, json=made)).status_code == 200
    other = await client.put(url, json={**made, "id": "other"})
    assert other.status_code == 400
    assert issue(other)["expression"] == ["Organization.id"]
    elsewhere = await client.put(f"/Organization?identifier={uuid4()}", json=made)
    assert elsewhere.status_code == 409


async def test_a_conditional_update_honours_if_match_and_if_none_match(client):
    value = str(uuid4())
    url = f"/Organization?identifier={LOCAL}|{value}"
    assert (await client.put(url, json=identified(value), headers={"If-Match": 'W/"1"'})).status_code == 412
    assert (await client.put(url, json=identified(value), headers={"If-None-Match": "*"})).status_code == 201
    assert (await client.put(url, json=identified(value), headers={"If-None-Match": "*"})).status_code == 412
    assert (await client.put(url, json=identified(value), headers={"If-Match": 'W/"7"'})).status_code == 412
    assert (await client.put(url, json=identified(value), headers={"If-Match": 'W/"1"'})).status_code == 200


async def test_a_conditional_delete_deletes_the_one_match_and_then_nothing(client):
    value = str(uuid4())
    stored = await create(client, identified(value))
    url = f"/Organization?identifier={LOCAL}|{value}"
    assert (await client.delete(url, headers={"If-Match": 'W/"2"'})).status_code == 412
    first, second = await client.delete(url), await client.delete(url)
    assert (first.status_code, second.status_code) == (204, 204)
    assert first.headers["ETag"] == 'W/"2"'
    assert (await client.get(f"/{name(stored)}")).status_code == 410


async def test_what_must_be_kept_is_kept_from_conditional_deletion_too(client):
    number = nhs_number()
    person = await create(client, supporter(by_number(number)))
    agreed = await create(client, consent(person["patient"], name(person)))
    assert (await client.delete(f"/Consent?patient:identifier={number}")).status_code == 409
    assert (await client.delete(f"/RelatedPerson?patient:identifier={number}")).status_code == 409
    assert (await client.get(f"/{name(agreed)}")).status_code == 200
