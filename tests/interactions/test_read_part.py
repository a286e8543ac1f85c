"""A part of a resource by read and vread: https://hl7.org/fhir/R4/http.html#read, #summary, #elements"""

import pytest

from tests.interactions.bundles import entry, send
from tests.record.examples import create, issue, name, put

DIV = '<div xmlns="http://www.w3.org/1999/xhtml">A plan</div>'
PARTS = (
    "_summary=true",
    "_summary=text",
    "_summary=data",
    "_summary=false",
    "_elements=address",
    "_elements=Organization.address,alias",
    "_summary=true&_elements=alias",
)


@pytest.fixture(scope="module")
async def stored(client):
    first = await create(
        client,
        {
            "resourceType": "Organization",
            "text": {"status": "generated", "div": DIV},
            "name": "A team",
            "alias": ["The team"],
            "address": [{"city": "Leeds"}],
        },
    )
    return (await put(client, {**first, "name": "The same team"})).json()


@pytest.mark.parametrize("asked", PARTS)
async def test_a_part_is_what_a_search_shows_of_it(client, stored, asked):
    matches = (await client.get(f"/Organization?_id={stored['id']}&{asked}")).json()["entry"]
    read = await client.get(f"/{name(stored)}?{asked}")
    version = await client.get(f"/{name(stored)}/_history/2?{asked}")
    in_bundle = await send(client, entry("GET", f"{name(stored)}?{asked}&_format=json"))
    assert read.json() == version.json() == matches[0]["resource"] == in_bundle.json()["entry"][0]["resource"]
    assert read.headers["ETag"] == 'W/"2"'
    assert ("SUBSETTED" in read.text) == (asked != "_summary=false")


async def test_a_part_is_of_the_version_that_was_asked_for(client, stored):
    part = (await client.get(f"/{name(stored)}/_history/1?_elements=name")).json()
    assert set(part) == {"resourceType", "id", "meta", "name"}
    assert part["name"] == "A team"


async def test_whoever_has_the_version_needs_no_part_of_it(client, stored):
    response = await client.get(f"/{name(stored)}?_summary=true", headers={"If-None-Match": 'W/"2"'})
    assert response.status_code == 304


async def test_a_part_is_indented_for_those_who_want_it(client, stored):
    assert (await client.get(f"/{name(stored)}?_elements=name&_pretty=true")).text.startswith('{\n  "resourceType"')


@pytest.mark.parametrize(
    "asked",
    [
        "_summary=count",
        "_summary=",
        "_summary=True",
        "_elements=",
        "_elements=nonsense",
        "_elements=Patient.name",
        "_elements=address.city",
        "_summary=true&_summary=true",
        "_elements=name&_elements=alias",
        "_elements=name&_count=1",
    ],
)
async def test_a_part_that_there_is_not_is_refused(client, stored, asked):
    for path in (f"/{name(stored)}", f"/{name(stored)}/_history/1", "/Organization/nobody"):
        response = await client.get(f"{path}?{asked}")
        assert response.status_code == 400
        assert "_" in issue(response)["diagnostics"]
    in_bundle = await send(client, entry("GET", f"{name(stored)}?{asked}"))
    assert (in_bundle.status_code, issue(in_bundle)["expression"]) == (400, ["Bundle.entry[0].request.url"])


async def test_a_part_is_for_reads_alone(client, stored):
    before = (await client.get(f"/{name(stored)}")).json()
    assert (await client.put(f"/{name(stored)}?_summary=true", json=stored)).status_code == 400
    assert (await client.delete(f"/{name(stored)}?_elements=name")).status_code == 400
    assert (await client.get(f"/{name(stored)}")).json() == before


async def test_what_comes_with_the_release_can_be_read_in_part(client):
    part = (await client.get("/StructureDefinition/supporter?_elements=url")).json()
    assert part["url"] == "https://fhir.kith.example/StructureDefinition/supporter"
    assert "differential" not in part
    assert (await client.get("/StructureDefinition/supporter?_elements=birthDate")).status_code == 400
