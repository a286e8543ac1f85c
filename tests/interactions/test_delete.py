"""delete: https://hl7.org/fhir/R4/http.html#delete"""

import pytest

from tests.record.examples import create, found, issue, name, organization, practitioner


async def test_a_delete_answers_204_without_a_body(client):
    stored = await create(client, practitioner())
    response = await client.delete(f"/{name(stored)}")
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["ETag"] == 'W/"2"'
    assert (await client.get(f"/{name(stored)}")).status_code == 410


async def test_what_was_deleted_is_not_found_by_searches(client):
    stored = await create(client, organization(name="Soon To Be Deleted"))
    await client.delete(f"/{name(stored)}")
    assert await found(client, "/Organization?name=Soon To Be Deleted") == set()
    assert await found(client, f"/Organization?_id={stored['id']}") == set()


async def test_a_delete_again_changes_nothing(client):
    stored = await create(client, practitioner())
    await client.delete(f"/{name(stored)}")
    again = await client.delete(f"/{name(stored)}")
    assert again.status_code == 204
    assert again.headers["ETag"] == 'W/"2"'
    assert (await client.get(f"/{name(stored)}/_history")).json()["total"] == 2


async def test_a_delete_of_what_never_was_is_no_failure(client):
    response = await client.delete("/Practitioner/nobody")
    assert response.status_code == 204
    assert (await client.get("/Practitioner/nobody")).status_code == 404


async def test_if_match_of_the_current_version_lets_the_delete_happen(client):
    stored = await create(client, practitioner())
    assert (await client.delete(f"/{name(stored)}", headers={"If-Match": 'W/"1"'})).status_code == 204


async def test_if_match_of_another_version_stops_the_delete(client):
    stored = await create(client, practitioner())
    response = await client.delete(f"/{name(stored)}", headers={"If-Match": 'W/"3"'})
    assert response.status_code == 412
    assert issue(response)["details"]["coding"][0]["code"] == "RESOURCE_VERSION_MISMATCH"
    assert (await client.get(f"/{name(stored)}")).status_code == 200


@pytest.mark.parametrize("path", ["/Practitioner/nobody", "/Practitioner/nobody-else"])
async def test_if_match_on_what_never_was_fails(client, path):
    assert (await client.delete(path, headers={"If-Match": 'W/"1"'})).status_code == 412


async def test_an_if_match_that_holds_no_etag_is_refused(client):
    stored = await create(client, practitioner())
    assert (await client.delete(f"/{name(stored)}", headers={"If-Match": "1"})).status_code == 400


async def test_the_history_is_kept(client):
    stored = await create(client, practitioner())
    await client.delete(f"/{name(stored)}")
    history = (await client.get(f"/{name(stored)}/_history")).json()
    assert [entry["request"]["method"] for entry in history["entry"]] == ["DELETE", "POST"]
    assert history["entry"][1]["resource"] == stored
