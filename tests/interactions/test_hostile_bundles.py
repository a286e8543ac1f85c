"""Bundles that are wrong, or meant to do harm: always an answer that says what and where, and nothing stored."""

from uuid import uuid4

import pytest

from tests.conftest import running
from tests.interactions.bundles import batch, delete, entry, get, post, put_entry, send, transaction
from tests.record.examples import create, issue, issues, name, organization, practitioner


@pytest.fixture(autouse=True)
async def nothing_stored(client):
    """No test of this file leaves a Practitioner, and all send one in a Bundle that is refused."""
    yield
    assert (await client.get("/Practitioner?_summary=count")).json()["total"] == 0


EXTENDED = {"extension": [{"url": "urn:x", "valueCode": "unknown"}]}
SOUND = post(practitioner())


@pytest.mark.parametrize("kind", ["document", "collection", "history", "searchset", "message", "transaction-response"])
async def test_other_bundles_are_refused(client, kind):
    response = await client.post("", json={**transaction(SOUND), "type": kind})
    assert response.status_code == 400
    assert issue(response)["expression"] == ["Bundle.type"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        "Bundle",
        5,
        {"resourceType": "Patient"},
        {"resourceType": "Bundle"},
        {"resourceType": "Bundle", "type": None},
        {"resourceType": "Bundle", "type": ["transaction"]},
        {"resourceType": ["Bundle"], "type": "transaction"},
    ],
)
async def test_what_is_no_transaction_or_batch_is_refused(client, body):
    assert (await client.post("", json=body)).status_code == 400


@pytest.mark.parametrize(
    "entries",
    [
        [None],
        [5],
        [[]],
        [{}],
        [],
        {},
        "entries",
        [SOUND, None],
        [{"resource": practitioner()}],
        [{"resource": practitioner(), "request": {"method": "POST"}}],
        [{"resource": practitioner(), "request": {"url": "Practitioner"}}],
        [{"resource": practitioner(), "request": "POST Practitioner"}],
        [{"resource": practitioner(), "request": {"method": ["POST"], "url": "Practitioner"}}],
        [{"resource": practitioner(), "request": {"method": "POST", "url": {"a": 1}}}],
        [{**SOUND, "fullUrl": 7}],
        [{**SOUND, "colour": "red"}],
        [{**SOUND, "response": {"status": "200"}}],
        [{**SOUND, "search": {"mode": "match"}}],
    ],
)
@pytest.mark.parametrize("kind", ["transaction", "batch"])
async def test_a_malformed_bundle_is_refused_as_a_whole(client, kind, entries):
    response = await client.post("", json={"resourceType": "Bundle", "type": kind, "entry": entries})
    assert response.status_code == 422
    assert all(each["expression"][0].startswith("Bundle.entry") for each in issues(response))


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("OPTIONS", "Practitioner"),
        ("post", "Practitioner"),
        ("", "Practitioner"),
        ("POST", "https://elsewhere.example.org/fhir/Practitioner"),
        ("POST", "//elsewhere.example.org/Practitioner"),
        ("POST", "http://kith.test/FHIR/R4x/Practitioner"),
        ("POST", "../Practitioner"),
        ("POST", "Practitioner/../Patient"),
        ("POST", "Practitioner%2f1"),
        ("POST", "%50ractitioner"),
        ("POST", "Practitioner?name=a"),
        ("POST", "Practitioner/1"),
        ("POST", "Practitioner#x"),
        ("PUT", "Practitioner/$validate"),
        ("POST", "$process-message"),
        ("POST", ""),
        ("POST", "/"),
        ("POST", "Observation"),
        ("POST", "AuditEvent"),
        ("POST", "Bundle"),
        ("POST", "practitioner"),
        ("POST", "Patient"),
        ("PUT", "Practitioner"),
        ("PUT", "Practitioner?"),
        ("PUT", "Practitioner/1"),
        ("PUT", "Practitioner/1/_history/1"),
        ("PUT", "Practitioner/a b"),
        ("PUT", "Practitioner/.."),
        ("PUT", "Practitioner/" + "a" * 65),
        ("PUT", "Practitioner/1?_format=json&x=y"),
        ("GET", "Practitioner"),
        ("DELETE", "Practitioner"),
        ("DELETE", "Practitioner/1"),
        ("PATCH", "Practitioner/1"),
        ("GET", "metadata"),
        ("GET", "_history"),
        ("GET", "Practitioner/_history"),
        ("GET", "Practitioner/1/$everything"),
        ("POST", "Practitioner\u0000"),
        ("POST", "javascript:alert(1)"),
        ("POST", "Practitioner/../../../etc/passwd"),
    ],
)
async def test_an_entry_with_a_resource_for_an_address_that_takes_none_is_refused(client, method, url):
    sent = entry(method, url, practitioner())
    response = await send(client, SOUND, sent)
    assert response.status_code in (400, 422)
    assert all(each["expression"][0].startswith("Bundle.entry[1]") for each in issues(response)), response.text
    told = (await client.post("", json=batch(sent))).json()
    statuses = [each["response"]["status"] for each in told.get("entry", [])]
    assert not statuses or statuses[0] >= "400"


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        (post(practitioner(), ifMatch='W/"1"'), "request.ifMatch"),
        (put_entry(practitioner(id="a"), ifNoneExist="_id=a"), "request.ifNoneExist"),
        (put_entry(practitioner(id="a"), ifMatch="one"), "resource"),
        (put_entry(practitioner(id="a"), ifNoneMatch='W/"1"'), "request.ifNoneMatch"),
        (get("Practitioner/a", ifMatch='W/"1"'), "request.ifMatch"),
        (get("Practitioner/a", ifModifiedSince="yesterday"), "request.ifModifiedSince"),
        (delete("Practitioner/a", ifNoneMatch="*"), "request.ifNoneMatch"),
        (entry("PUT", "Practitioner/a", practitioner(id="b")), "resource.id"),
        (entry("PUT", "Practitioner/a", practitioner()), "resource.id"),
        (entry("PUT", "Patient/9990000018", {"resourceType": "Patient", "id": "9990000018"}), "resource.id"),
        ({"request": {"method": "GET", "_url": EXTENDED}}, "request.url"),
        ({"request": {"_method": EXTENDED, "url": "Patient"}}, "request.method"),
        (entry("POST", "Practitioner"), "resource"),
        (entry("POST", "Practitioner", organization()), "resource.resourceType"),
        (entry("POST", "Practitioner", {}), "resource.resourceType"),
        (entry("PATCH", "Practitioner/a", practitioner()), "resource.resourceType"),
        (put_entry(practitioner(id="a"), full_url="http://kith.test/FHIR/R4/Practitioner/b"), "fullUrl"),
        (put_entry(practitioner(id="a"), full_url="http://kith.test/FHIR/R4/Patient/a"), "fullUrl"),
        (entry("POST", "Practitioner", {"resourceType": "Practitioner", "entry": [SOUND]}), "resource.entry"),
        (entry("POST", "Practitioner", transaction(SOUND)), "resource.resourceType"),
    ],
)
async def test_what_is_wrong_with_an_entry_is_said_with_its_place(client, sent, where):
    response = await send(client, SOUND, sent)
    assert response.status_code in (400, 422), response.text
    assert issue(response)["expression"][0].startswith(f"Bundle.entry[1].{where}".removesuffix(".resource")), (
        response.text
    )


async def test_one_full_url_for_two_entries_is_refused(client):
    same = f"urn:uuid:{uuid4()}"
    response = await send(client, post(practitioner(), full_url=same), post(practitioner(), full_url=same))
    assert response.status_code == 400
    assert [each["expression"] for each in issues(response)] == [
        ["Bundle.entry[0].fullUrl"],
        ["Bundle.entry[1].fullUrl"],
    ]


async def test_a_bundle_of_too_many_entries_is_refused_before_it_is_read(client):
    response = await send(client, *[SOUND] * 5_001)
    assert response.status_code == 413
    assert issue(response)["expression"] == ["Bundle.entry"]


async def test_the_limits_of_entries_and_bytes_are_settings(module_database_url):
    async with running(
        module_database_url, max_bundle_entries=2, max_bundle_bytes=2_000, max_body_bytes=1_000
    ) as client:
        assert (await send(client, *[delete(f"Flag/{n}") for n in range(2)])).status_code == 200
        assert (await send(client, *[delete(f"Flag/{n}") for n in range(3)])).status_code == 413
        assert (await send(client, post(practitioner(name=[{"text": "x" * 2_000}])))).status_code == 413
        assert (await client.post("/Practitioner", json=practitioner(name=[{"text": "x" * 1_000}]))).status_code == 413


async def test_a_great_many_faults_are_listed_to_a_limit(client):
    response = await send(client, *[post(practitioner(gender="x")) for _ in range(500)])
    assert response.status_code == 422
    assert len(issues(response)) <= 201


@pytest.mark.parametrize(
    "reference", ["urn:uuid:", "urn:uuid:x", "urn:oid:1.2.3", "urn:uuid:2465421e-424d-4dad-9f85-f597f5973fb4"]
)
async def test_a_reference_to_a_name_that_nobody_has_is_refused(client, reference):
    extension = [{"url": "https://trust.example.org/x", "valueReference": {"reference": reference}}]
    response = await send(client, post(practitioner(extension=extension)))
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Bundle.entry[0].resource.extension[0].value.reference"]


async def test_a_name_that_stands_for_another_type_than_is_allowed_is_refused(client):
    nurse = f"urn:uuid:{uuid4()}"
    response = await send(client, post(practitioner(), full_url=nurse), post(organization(partOf={"reference": nurse})))
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Bundle.entry[1].resource.partOf"]


async def test_content_types_and_parameters_are_judged_as_elsewhere(client):
    body = transaction(SOUND)
    assert (await client.post("", json=body, headers={"Content-Type": "text/plain"})).status_code == 415
    assert (await client.post("?name=x", json=body)).status_code == 400
    assert (await client.post("", content=b"{", headers={"Content-Type": "application/fhir+json"})).status_code == 400


async def test_a_deletion_that_is_refused_in_a_transaction_deletes_nothing_else(client):
    whole, other = await create(client, organization()), await create(client, organization())
    await create(client, organization(partOf={"reference": name(whole)}))
    assert (await send(client, delete(name(other)), delete(name(whole)))).status_code == 409
    assert (await client.get(f"/{name(other)}")).status_code == 200
