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


URN = f"urn:uuid:{uuid4()}"
# Of each operation: what it adds, where the reference is then, and what it is part of.
NAMED = [
    ("/partOf", {"reference": URN}, ("partOf", "reference")),
    ("/partOf/reference", URN, ("partOf", "reference")),
    ("/contained/0", {"resourceType": "Organization", "id": "in", "name": "In", "partOf": {"reference": URN}},
     ("contained", 0, "partOf", "reference")),
    ("/contained/0/partOf", {"reference": URN}, ("contained", 0, "partOf", "reference")),
    ("/extension/0/extension", [{"url": "x", "valueReference": {"reference": URN}}],
     ("extension", 0, "extension", 0, "valueReference", "reference")),
    ("/extension/1/valueReference/reference", URN, ("extension", 1, "valueReference", "reference")),
    ("/extension/1", {"url": "http://x.example/y", "valueUri": URN}, ("extension", 1, "valueUri")),
    ("/extension/1", {"url": "http://x.example/y", "valueString": URN}, ("extension", 1, "valueString")),
    ("/alias/0", URN, ("alias", 0)),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "place"), NAMED)
async def test_names_in_the_values_of_a_json_patch_become_references_where_references_are(client, path, value, place):
    there = {
        "contained": [{"resourceType": "Organization", "id": "in", "name": "In", "partOf": {"display": "Whole"}}],
        "extension": [
            {"url": "http://x.example/z", "extension": [{"url": "x", "valueString": "y"}]},
            {"url": "http://x.example/y", "valueReference": {"display": "Whole"}},
            {"url": "http://x.example/y", "valueReference": {"reference": "#in"}},
        ],
        "partOf": {"display": "Whole"},
    }
    part = await create(client, organization(**there, alias=["One"]))
    change = json_patch({"op": "replace" if path[-1].isdigit() else "add", "path": path, "value": value})
    patched, made = await done(client, entry("PATCH", name(part), change), post(organization(), full_url=URN))
    found = patched["resource"]
    for step in place:
        found = found[step]
    assert found == (URN if place[-1] in (0, "valueString") else name(made["resource"]))


@pytest.mark.parametrize("kind", ["JSON", "FHIRPath"])
async def test_a_name_that_nobody_has_is_refused_in_a_patch_too(client, kind):
    part = await create(client, organization())
    change = json_patch({"op": "add", "path": "/partOf", "value": {"reference": URN}})
    if kind == "FHIRPath":
        value = {"valueReference": {"reference": URN}}
        change = fhirpath_patch("add", "Organization", name={"valueString": "partOf"}, value=value)
    response = await send(client, entry("PATCH", name(part), change))
    assert (response.status_code, issue(response)["expression"]) == (
        422, ["Bundle.entry[0].resource.partOf.reference"]
    )  # fmt: skip
    assert (await client.get(f"/{name(part)}")).json() == part


async def test_a_conditional_reference_in_a_json_patch_is_found(client):
    value = str(uuid4())
    whole, part = (
        await create(client, organization(identifier=[{"value": value}])),
        await create(client, organization()),
    )
    sought = {"reference": f"Organization?identifier={value}"}
    change = json_patch({"op": "add", "path": "/partOf", "value": sought})
    (patched,) = await done(client, entry("PATCH", name(part), change))
    assert patched["resource"]["partOf"] == to(whole)


@pytest.mark.parametrize(
    "path", ["", "/", "partOf", "/partOf/reference/deeper", "/~2", "/nothing/of/this", "/name/-/x"]
)
async def test_a_path_that_leads_nowhere_is_refused_and_no_failure(client, path):
    part = await create(client, organization())
    change = json_patch({"op": "add", "path": path, "value": {"reference": URN}})
    response = await send(client, entry("PATCH", name(part), change))
    assert response.status_code in (400, 422)
    assert issues(response)[0]["diagnostics"]


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
