"""read and vread: https://hl7.org/fhir/R4/http.html#read, https://hl7.org/fhir/R4/http.html#cread"""

import pytest

from tests.record.examples import create, issue, name, practitioner, put


@pytest.fixture(scope="module")
async def stored(client):
    return await create(client, practitioner())


@pytest.fixture(scope="module")
async def deleted(client):
    gone = await create(client, practitioner())
    assert (await client.delete(f"/{name(gone)}")).status_code == 204
    return gone


async def test_a_read_answers_the_resource_with_its_version_and_time(client, stored):
    response = await client.get(f"/{name(stored)}")
    assert response.status_code == 200
    assert response.json() == stored
    assert response.headers["ETag"] == 'W/"1"'
    assert response.headers["Last-Modified"].endswith("GMT")
    assert response.headers["Content-Type"] == "application/fhir+json; charset=utf-8"


async def test_a_read_of_what_never_was_is_not_found(client):
    response = await client.get("/Practitioner/nobody")
    assert response.status_code == 404
    assert issue(response)["code"] == "not-found"
    assert issue(response)["details"]["coding"][0]["code"] == "RESOURCE_NOT_FOUND"


async def test_ids_are_case_sensitive(client):
    await put(client, practitioner(id="Case-A"))
    assert (await client.get("/Practitioner/Case-A")).status_code == 200
    assert (await client.get("/Practitioner/case-a")).status_code == 404


async def test_an_id_of_another_type_is_not_found(client, stored):
    assert (await client.get(f"/Organization/{stored['id']}")).status_code == 404


async def test_a_read_of_what_was_deleted_is_gone(client, deleted):
    response = await client.get(f"/{name(deleted)}")
    assert response.status_code == 410
    assert issue(response)["code"] == "deleted"


async def test_an_unregistered_type_is_not_found_and_the_answer_names_those_there_are(client):
    response = await client.get("/Observation/1")
    assert response.status_code == 404
    assert "RelatedPerson" in issue(response)["diagnostics"]


@pytest.mark.parametrize("header", ['W/"1"', '"1"', "*", "1", 'W/"7", W/"1"'])
async def test_if_none_match_of_the_current_version_is_not_modified(client, stored, header):
    response = await client.get(f"/{name(stored)}", headers={"If-None-Match": header})
    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["ETag"] == 'W/"1"'


@pytest.mark.parametrize("header", ['W/"2"', 'W/"11"', '""'])
async def test_if_none_match_of_another_version_is_the_resource(client, stored, header):
    response = await client.get(f"/{name(stored)}", headers={"If-None-Match": header})
    assert response.status_code == 200
    assert response.json() == stored


async def test_a_version_that_the_caller_has_is_not_modified_either(client, stored):
    address = f"/{name(stored)}/_history/1"
    for headers, expected in (
        ({"If-None-Match": 'W/"1"'}, 304),
        ({"If-None-Match": 'W/"2"'}, 200),
        ({"If-None-Match": "one"}, 400),
        ({"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
    ):
        assert (await client.get(address, headers=headers)).status_code == expected, headers


async def test_an_if_none_match_that_holds_no_etag_is_refused(client, stored):
    response = await client.get(f"/{name(stored)}", headers={"If-None-Match": "one"})
    assert response.status_code == 400
    assert "If-None-Match" in issue(response)["diagnostics"]


async def test_not_modified_since_the_time_it_was_last_modified(client, stored):
    modified = (await client.get(f"/{name(stored)}")).headers["Last-Modified"]
    response = await client.get(f"/{name(stored)}", headers={"If-Modified-Since": modified})
    assert response.status_code == 304


async def test_modified_since_long_ago(client, stored):
    since = "Sat, 01 Jan 2000 00:00:00 GMT"
    assert (await client.get(f"/{name(stored)}", headers={"If-Modified-Since": since})).status_code == 200


async def test_if_none_match_goes_before_if_modified_since(client, stored):
    headers = {"If-None-Match": 'W/"9"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert (await client.get(f"/{name(stored)}", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "since",
    [
        "yesterday",
        "",
        "2026-01-01T00:00:00Z",
        "Sun, 99 Nov 2026 08:49:37 GMT",
        "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
        "Sun, 06 Nov 2026 08:49:37 +9999999999",
        "Mon, 01 Jan 0001 00:00:00 +2300",
        "Fri, 31 Dec 9999 23:59:59 -2300",
    ],
)
async def test_a_date_that_is_none_is_ignored(client, stored, since):
    response = await client.get(f"/{name(stored)}", headers={"If-Modified-Since": since})
    assert response.status_code in (200, 304)


async def test_a_parameter_without_meaning_is_refused_and_named(client, stored):
    response = await client.get(f"/{name(stored)}?frmat=json")
    assert response.status_code == 400
    assert "frmat" in issue(response)["diagnostics"]


async def test_each_version_can_be_read(client):
    first = await create(client, practitioner())
    second = (await put(client, {**first, "active": True})).json()
    for version in (first, second):
        number = version["meta"]["versionId"]
        response = await client.get(f"/{name(first)}/_history/{number}")
        assert response.json() == version
        assert response.headers["ETag"] == f'W/"{number}"'
        assert response.headers["Last-Modified"].endswith("GMT")


@pytest.mark.parametrize("version", ["2", "0", "01", "-1", "x", "1.0", "2147483648", "9" * 60, "%00"])
async def test_a_version_that_never_was_is_not_found(client, stored, version):
    response = await client.get(f"/{name(stored)}/_history/{version}")
    assert response.status_code == 404
    assert issue(response)["code"] == "not-found"


async def test_a_version_of_what_was_deleted_can_still_be_read(client, deleted):
    assert (await client.get(f"/{name(deleted)}/_history/1")).json() == deleted


async def test_the_version_that_is_the_deletion_is_gone(client, deleted):
    response = await client.get(f"/{name(deleted)}/_history/2")
    assert response.status_code == 410
    assert issue(response)["code"] == "deleted"
