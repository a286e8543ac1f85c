"""Input that is meant to do harm, at each door: an answer that says what and where, and nothing stored."""

import gzip
from base64 import b64encode
from json import dumps

import pytest

from tests.interactions.bundles import batch, entry, get, post, send, transaction
from tests.record.examples import create, issues, name, nhs_number, organization, patient, supporter, to

JSON = {"Content-Type": "application/fhir+json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PATCH = {"Content-Type": "application/json-patch+json"}
GZIP = {"Content-Encoding": "gzip"}


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """More than any body may be, in a few kilobytes."""
    return gzip.compress(b" " * 200_000_000, mtime=0)


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/", JSON),
        ("POST", "/Organization", JSON),
        ("PUT", "/Organization/x", JSON),
        ("PUT", "/Organization?name=x", JSON),
        ("PATCH", "/Organization/x", PATCH),
        ("PATCH", "/Organization/x", JSON),
        ("POST", "/Organization/_search", FORM),
        ("POST", "/_search", FORM),
        ("POST", "/Patient/x/CarePlan/_search", FORM),
        ("POST", "/Organization/$validate", JSON),
        ("POST", "/Patient/x/$everything", JSON),
        ("POST", "/Consent/$check-sharing", JSON),
        ("POST", "/AuditEvent/_search", FORM),
        ("POST", "http://kith.test/access/v1/evaluation", {"Content-Type": "application/json"}),
        ("POST", "http://kith.test/cds-services/patient-consent-consult", {"Content-Type": "application/json"}),
    ],
)
async def test_what_unpacks_to_more_than_a_body_may_be_is_not_unpacked(client, bomb, method, path, headers):
    answer = await client.request(method, path, content=bomb, headers=headers | GZIP)
    assert answer.status_code == 413, answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/", 400),
        ("POST", "/Organization", 400),
        ("PUT", "/Organization/x", 400),
        ("PUT", "/Organization?name=x", 400),
        ("PATCH", "/Organization/x", 400),
        ("POST", "/Organization/$validate", 200),
        ("POST", "/Consent/$check-sharing", 400),
        ("POST", "/Bundle", 404),
        ("PUT", "/Bundle/x", 404),
    ],
)
@pytest.mark.parametrize("kind", ["collection", "document", "transaction-response", "nonsense", 7])
async def test_a_bundle_where_it_has_no_place_is_refused(client, method, path, status, kind):
    before = (await client.get("/Organization?_summary=count")).json()["total"]
    answer = await client.request(method, path, json={**transaction(post(organization())), "type": kind})
    assert answer.status_code == status, answer.text
    assert issues(answer)[0]["severity"] == "error"
    assert (await client.get("/Organization?_summary=count")).json()["total"] == before


def _binary(*operations: dict) -> dict:
    data = b64encode(dumps(operations).encode()).decode()
    return {"resourceType": "Binary", "contentType": PATCH["Content-Type"], "data": data}


def _parameters(path: str, value: str) -> dict:
    parts = [{"name": "type", "valueCode": "replace"}, {"name": "path", "valueString": path}]
    parts.append({"name": "value", "valueId": value})
    return {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}


@pytest.mark.parametrize(("element", "value"), [("id", "other"), ("resourceType", "Patient")])
async def test_a_patch_changes_neither_id_nor_type_at_any_door(client, element, value):
    stored = await create(client, organization(identifier=[{"value": f"fixed-{element}"}]))
    change = {"op": "replace", "path": f"/{element}", "value": value}
    url, criteria = name(stored), f"Organization?identifier=fixed-{element}"
    answers = [
        await client.patch(f"/{url}", json=[change], headers=PATCH),
        await client.patch(f"/{criteria}", json=[change], headers=PATCH),
        await client.patch(f"/{url}", json=[{"op": "remove", "path": f"/{element}"}], headers=PATCH),
        await client.patch(f"/{url}", json=[{"op": "replace", "path": "", "value": {}}], headers=PATCH),
        await client.patch(f"/{url}", json=_parameters(f"Organization.{element}", value), headers=JSON),
        await send(client, entry("PATCH", url, _binary(change))),
        await send(client, entry("PATCH", criteria, _parameters(f"Organization.{element}", value))),
    ]
    assert {answer.status_code for answer in answers} <= {400, 422}
    whole = await client.post("/", json=batch(entry("PATCH", url, _binary(change))))
    assert whole.json()["entry"][0]["response"]["status"] == "422"
    assert (await client.get(f"/{url}")).json() == stored


async def test_includes_that_go_in_circles_come_to_an_end(client):
    first = await create(client, organization())
    second = await create(client, organization(partOf=to(first)))
    await client.put(f"/{name(first)}", json={**first, "partOf": to(second)})
    includes = {"_include:iterate": "Organization:partof", "_revinclude:iterate": "Organization:partof"}
    found = (await client.get("/Organization", params={"_id": first["id"], **includes})).json()
    assert [each["search"]["mode"] for each in found["entry"]] == ["match", "include"]
    inside = await send(client, get(f"Organization?_id={first['id']}&_include:iterate=*&_revinclude:iterate=*"))
    entries = inside.json()["entry"][0]["resource"]["entry"]
    assert [each["search"]["mode"] for each in entries] == ["match", "include", "outcome"]


def chain(links: int) -> str:
    return ".".join(["partof"] * links) + ".name"


@pytest.mark.parametrize(("links", "status"), [(20, 200), (21, 400), (300, 400)])
async def test_a_chain_may_be_so_long_at_every_door(client, links, status):
    name_ = chain(links)
    answers = [
        await client.get("/Organization", params={name_: "x"}),
        await client.post("/Organization/_search", data={name_: "x"}, headers=FORM),
        await send(client, get(f"Organization?{name_}=x")),
        await client.delete("/Organization", params={name_: "x"}),
        await client.post("/Organization", json=organization(), headers={"If-None-Exist": f"{name_}=x"}),
    ]
    expected = [status, status, status, *([204, 201] if status == 200 else [400, 400])]
    assert [answer.status_code for answer in answers] == expected


@pytest.mark.parametrize(("many", "fits"), [(2_000, True), (2_001, False)])
async def test_so_many_alternatives_and_no_more_go_into_a_search_at_every_door(client, many, fits):
    values = ",".join(f"v{number}" for number in range(many))
    of = await create(client, patient(nhs_number()))
    await create(client, supporter(to(of)))
    answers = [
        await client.post("/RelatedPerson/_search", data={"identifier": values}, headers=FORM),
        await client.post(f"/Patient/{of['id']}/RelatedPerson/_search", data={"identifier": values}, headers=FORM),
        await client.post("/_search?_type=RelatedPerson,Patient", data={"identifier": values}, headers=FORM),
        await client.post("/RelatedPerson/_search", data={"patient.identifier": values}, headers=FORM),
        await client.post("/Patient/_search", data={"_has:RelatedPerson:patient:identifier": values}, headers=FORM),
        await send(client, get(f"RelatedPerson?identifier={values}")),
    ]
    assert [answer.status_code for answer in answers] == [200 if fits else 400] * len(answers)
