"""PATCH entries of a transaction: https://hl7.org/fhir/R4/http.html#patch"""

from base64 import b64encode
from json import dumps
from uuid import uuid4

import pytest

from tests.interactions.bundles import batch, done, entry, get, post, send, statuses
from tests.record.examples import create, issue, issues, name, organization, practitioner, to


def json_patch(*operations: dict) -> dict:
    data = b64encode(dumps(operations).encode()).decode()
    return {"resourceType": "Binary", "contentType": "application/json-patch+json", "data": data}


def fhirpath_patch(type_: str, path: str, **more: object) -> dict:
    parts = [{"name": "type", "valueCode": type_}, {"name": "path", "valueString": path}]
    parts += [{"name": name, **value} for name, value in more.items()]
    return {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}


RENAMED = json_patch({"op": "replace", "path": "/name", "value": "Renamed"})


async def test_both_kinds_of_patch_are_carried_out(client):
    one, two = await create(client, organization()), await create(client, organization())
    renamed = fhirpath_patch("replace", "Organization.name", value={"valueString": "Renamed"})
    answers = await done(client, entry("PATCH", name(one), RENAMED), entry("PATCH", name(two), renamed), get(name(one)))
    assert [each["response"]["status"] for each in answers] == ["200"] * 3
    assert [each["response"]["etag"] for each in answers] == ['W/"2"'] * 3
    assert [each["resource"]["name"] for each in answers] == ["Renamed"] * 3
    assert (await client.get(f"/{name(one)}/_history")).json()["entry"][0]["request"]["method"] == "PATCH"


async def test_a_patch_may_refer_to_what_the_transaction_makes(client):
    part, who = await create(client, organization()), f"urn:uuid:{uuid4()}"
    whole = {"valueReference": {"reference": who}}
    added = fhirpath_patch("add", "Organization", name={"valueString": "partOf"}, value=whole)
    patched, made = await done(client, entry("PATCH", name(part), added), post(organization(), full_url=who))
    assert patched["resource"]["partOf"] == to(made["resource"])


async def test_a_patch_finds_its_resource_by_criteria(client):
    value = str(uuid4())
    stored = await create(client, organization(identifier=[{"value": value}]))
    url = f"Organization?identifier={value}"
    (answer,) = await done(client, entry("PATCH", url, RENAMED))
    assert (answer["resource"]["id"], answer["resource"]["name"]) == (stored["id"], "Renamed")
    response = await send(client, entry("PATCH", f"Organization?identifier={uuid4()}", RENAMED))
    assert (response.status_code, issue(response)["expression"]) == (404, ["Bundle.entry[0].request.url"])


async def test_a_patch_that_changes_nothing_makes_no_version(client):
    stored = await create(client, organization())
    (answer,) = await done(client, entry("PATCH", name(stored), json_patch()))
    assert answer["response"]["etag"] == 'W/"1"'


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (json_patch({"op": "replace", "path": "/id", "value": "x"}), 422),
        (json_patch({"op": "replace", "path": "/active", "value": "yes"}), 422),
        (json_patch({"op": "remove", "path": "/absent"}), 422),
        ({"resourceType": "Binary", "contentType": "text/plain", "data": ""}, 400),
        ({"resourceType": "Binary", "contentType": "application/json-patch+json", "data": "%"}, 400),
    ],
)
async def test_a_patch_that_cannot_be_fails_the_whole(client, sent, status):
    stored, marked = await create(client, organization()), f"p-{uuid4()}"
    response = await send(
        client, post(practitioner(identifier=[{"value": marked}])), entry("PATCH", name(stored), sent)
    )
    assert response.status_code in (status, 400, 422), response.text
    assert all(place.startswith("Bundle.entry[1]") for each in issues(response) for place in each["expression"])
    assert (await client.get(f"/Practitioner?identifier={marked}")).json()["total"] == 0


async def test_a_stale_patch_fails_the_whole_and_a_batch_goes_on(client):
    stored = await create(client, organization())
    stale = entry("PATCH", name(stored), RENAMED, ifMatch='W/"7"')
    assert (await send(client, post(practitioner()), stale)).status_code == 412
    assert (await send(client, entry("PATCH", f"Organization/{uuid4()}", RENAMED))).status_code == 404
    sent = batch(stale, entry("PATCH", name(stored), RENAMED, ifMatch='W/"1"'))
    assert statuses(await client.post("", json=sent)) == ["412", "200"]
