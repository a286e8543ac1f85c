"""update: https://hl7.org/fhir/R4/http.html#update, https://hl7.org/fhir/R4/http.html#concurrency"""

from urllib.parse import unquote

import pytest

from tests.conftest import running
from tests.record.examples import content, create, issue, name, organization, patient, practitioner, put


async def test_an_update_makes_the_next_version(client):
    stored = await create(client, practitioner())
    response = await put(client, {**stored, "active": False})
    assert response.status_code == 200
    assert response.headers["ETag"] == 'W/"2"'
    assert "Location" not in response.headers
    assert response.json()["meta"]["versionId"] == "2"
    assert response.json()["meta"]["lastUpdated"] >= stored["meta"]["lastUpdated"]
    assert content(response.json()) == {**content(stored), "active": False}
    assert (await client.get(f"/{name(stored)}")).json() == response.json()


async def test_an_update_replaces_the_whole_resource(client):
    stored = await create(client, practitioner(gender="female"))
    response = await put(client, {"resourceType": "Practitioner", "id": stored["id"], "active": True})
    assert content(response.json()) == {"resourceType": "Practitioner", "active": True}


async def test_an_update_changes_what_searches_find(client):
    stored = await create(client, organization(name="Before The Change"))
    await put(client, {**stored, "name": "After The Change"})
    before = (await client.get("/Organization?name=Before The Change")).json()
    after = (await client.get("/Organization?name=After The Change")).json()
    assert (before["total"], after["total"]) == (0, 1)


@pytest.mark.parametrize("chosen", ["a", "A-1.b", "x" * 64, "9990000018"])
async def test_an_update_of_what_never_was_creates_it_under_that_id(client, chosen):
    response = await put(client, practitioner(id=chosen))
    assert response.status_code == 201
    assert response.headers["Location"] == f"http://kith.test/FHIR/R4/Practitioner/{chosen}/_history/1"
    assert response.headers["ETag"] == 'W/"1"'
    assert (await client.get(f"/Practitioner/{chosen}")).json()["id"] == chosen


@pytest.mark.parametrize("chosen", ["under_score", "x" * 65, "a%20b", "%C3%A9", "a%00b", "'--"])
async def test_an_id_that_is_none_cannot_be_chosen(client, chosen):
    response = await client.put(f"/Practitioner/{chosen}", json=practitioner(id=unquote(chosen)))
    assert response.status_code in (400, 404, 422)
    assert issue(response)["severity"] == "error"


async def test_ten_digits_cannot_be_chosen_as_the_id_of_a_patient(client):
    response = await put(client, patient(id="9990000018"))
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Patient.id"]
    assert (await client.get("/Patient/9990000018")).status_code == 404


async def test_the_id_in_the_body_must_be_that_of_the_url(client):
    response = await client.put("/Practitioner/one", json=practitioner(id="two"))
    assert response.status_code == 400
    assert issue(response)["expression"] == ["Practitioner.id"]
    assert (await client.get("/Practitioner/one")).status_code == 404


async def test_the_id_in_the_body_is_required(client):
    response = await client.put("/Practitioner/one", json=practitioner())
    assert response.status_code == 400
    assert issue(response)["expression"] == ["Practitioner.id"]


async def test_version_and_time_in_the_body_are_ignored(client):
    stored = await create(client, practitioner())
    meta = {"versionId": "40", "lastUpdated": "2001-01-01T00:00:00Z"}
    updated = (await put(client, {**stored, "meta": meta})).json()
    assert updated["meta"]["versionId"] == "2"
    assert updated["meta"]["lastUpdated"] > "2026"


@pytest.mark.parametrize("header", ['W/"1"', '"1"', "*", 'W/"5", W/"1"'])
async def test_if_match_of_the_current_version_lets_the_update_happen(client, header):
    stored = await create(client, practitioner())
    assert (await put(client, stored, **{"If-Match": header})).status_code == 200


@pytest.mark.parametrize("header", ['W/"2"', 'W/"0"', '""', 'W/"1x"', 'W/"01"'])
async def test_if_match_of_another_version_stops_the_update(client, header):
    stored = await create(client, practitioner())
    response = await put(client, {**stored, "active": True}, **{"If-Match": header})
    assert response.status_code == 412
    assert issue(response)["details"]["coding"][0]["code"] == "RESOURCE_VERSION_MISMATCH"
    assert (await client.get(f"/{name(stored)}")).json() == stored


@pytest.mark.parametrize("header", ["1", "W/1", 'w/"1"', "", 'W/"1', 'W/"1";'])
async def test_an_if_match_that_holds_no_etag_is_refused(client, header):
    stored = await create(client, practitioner())
    response = await put(client, stored, **{"If-Match": header})
    assert response.status_code == 400
    assert "If-Match" in issue(response)["diagnostics"]


@pytest.mark.parametrize("header", ['W/"1"', "*"])
async def test_if_match_on_what_never_was_fails(client, header):
    response = await put(client, practitioner(id="absent"), **{"If-Match": header})
    assert response.status_code == 412
    assert (await client.get("/Practitioner/absent")).status_code == 404


async def test_if_match_on_what_was_deleted_fails(client):
    stored = await create(client, practitioner())
    await client.delete(f"/{name(stored)}")
    assert (await put(client, stored, **{"If-Match": 'W/"2"'})).status_code == 412


async def test_if_none_match_any_only_creates(client):
    new = practitioner(id="only-new")
    assert (await put(client, new, **{"If-None-Match": "*"})).status_code == 201
    response = await put(client, {**new, "active": True}, **{"If-None-Match": "*"})
    assert response.status_code == 412
    assert (await client.get("/Practitioner/only-new")).json()["meta"]["versionId"] == "1"


async def test_if_none_match_any_creates_what_was_deleted(client):
    stored = await create(client, practitioner())
    await client.delete(f"/{name(stored)}")
    assert (await put(client, stored, **{"If-None-Match": "*"})).status_code == 201


async def test_if_none_match_of_a_version_has_no_meaning_on_an_update(client):
    response = await put(client, practitioner(id="versioned"), **{"If-None-Match": 'W/"1"'})
    assert response.status_code == 400


async def test_what_was_deleted_comes_back_with_its_history(client):
    stored = await create(client, practitioner())
    await client.delete(f"/{name(stored)}")
    response = await put(client, stored)
    assert response.status_code == 201
    assert response.headers["Location"].endswith(f"/{name(stored)}/_history/3")
    assert response.json()["meta"]["versionId"] == "3"
    assert (await client.get(f"/{name(stored)}")).status_code == 200
    history = (await client.get(f"/{name(stored)}/_history")).json()
    assert [entry["request"]["method"] for entry in history["entry"]] == ["PUT", "DELETE", "POST"]


async def test_minimal_returns_no_body(client):
    stored = await create(client, practitioner())
    response = await put(client, stored, Prefer="return=minimal")
    assert (response.status_code, response.content, response.headers["ETag"]) == (200, b"", 'W/"2"')


async def test_operation_outcome_returns_an_outcome(client):
    stored = await create(client, practitioner())
    response = await put(client, stored, Prefer="return=OperationOutcome")
    assert issue(response)["severity"] == "information"


@pytest.fixture
async def strict(module_database_url):
    async with running(module_database_url, require_if_match=True) as client:
        yield client


async def test_where_if_match_is_required_an_update_without_it_is_refused(strict):
    stored = await create(strict, practitioner())
    response = await put(strict, stored)
    assert response.status_code == 400
    assert "If-Match" in issue(response)["diagnostics"]
    assert (await put(strict, stored, **{"If-Match": 'W/"1"'})).status_code == 200


async def test_where_if_match_is_required_a_delete_without_it_is_refused(strict):
    stored = await create(strict, practitioner())
    assert (await strict.delete(f"/{name(stored)}")).status_code == 400
    assert (await strict.delete(f"/{name(stored)}", headers={"If-Match": 'W/"1"'})).status_code == 204


async def test_where_if_match_is_required_a_new_resource_needs_none(strict):
    assert (await put(strict, practitioner(id="new-and-strict"))).status_code == 201


async def test_a_part_of_a_record_does_not_replace_the_whole(client):
    stored = (await client.post("/Patient", json={"resourceType": "Patient", "name": [{"family": "Whole"}]})).json()
    shown = (await client.get("/Patient", params={"_id": stored["id"], "_elements": "gender"})).json()
    part = shown["entry"][0]["resource"]
    refused = await client.put(f"/Patient/{stored['id']}", json=part)
    assert refused.status_code == 422
    assert refused.json()["issue"][0]["expression"] == ["Patient.meta.tag"]
