"""transaction: https://hl7.org/fhir/R4/http.html#transaction"""

from uuid import uuid4

import asyncpg
import pytest

from tests.interactions.bundles import delete, done, entry, get, post, put_entry, send, statuses, transaction
from tests.record.examples import (
    by_number,
    consent,
    create,
    found,
    issue,
    name,
    nhs_number,
    organization,
    patient,
    plan,
    practitioner,
    supporter,
    team,
    to,
)


def urn() -> str:
    return f"urn:uuid:{uuid4()}"


async def test_a_supporter_a_consent_and_a_plan_are_stored_together(client):
    of, who = by_number(nhs_number()), urn()
    response = await send(client, post(supporter(of), full_url=who), post(consent(of, who)), post(plan(of)))
    assert statuses(response) == ["201", "201", "201"]
    body = response.json()
    assert body["type"] == "transaction-response"
    person, agreed, planned = (each["resource"] for each in body["entry"])
    assert agreed["provision"]["actor"][0]["reference"] == {"reference": name(person)}
    for each, answer in zip((person, agreed, planned), body["entry"], strict=True):
        assert (await client.get(f"/{name(each)}")).json() == each
        assert answer["fullUrl"] == f"http://kith.test/FHIR/R4/{name(each)}"
        assert answer["response"]["location"] == f"http://kith.test/FHIR/R4/{name(each)}/_history/1"
        assert answer["response"]["etag"] == 'W/"1"'
        assert answer["response"]["lastModified"] == each["meta"]["lastUpdated"]


async def test_what_was_stored_together_is_found_by_the_next_search(client):
    number, place = nhs_number(), urn()
    of = by_number(number)
    person, member = await done(client, post(supporter(of), full_url=place), post(team(of, place)))
    assert await found(client, f"/RelatedPerson?patient:identifier={number}") == {person["resource"]["id"]}
    reference = name(person["resource"])
    assert await found(client, f"/CareTeam?participant={reference}") == {member["resource"]["id"]}


async def test_a_patient_and_all_that_is_about_them_come_in_any_order(client):
    number, who, supporting = nhs_number(), urn(), urn()
    answers = await done(
        client,
        post(consent({"reference": who}, supporting)),
        post(plan(by_number(number))),
        post(supporter({"reference": who}), full_url=supporting),
        post(patient(number), full_url=who),
    )
    agreed, planned, person, of = (each["resource"] for each in answers)
    assert person["patient"] == agreed["patient"] == to(of)
    assert await found(client, f"/CarePlan?subject={name(of)}") == {planned["id"]}
    assert await found(client, f"/Consent?patient={name(of)}") == {agreed["id"]}
    assert await found(client, f"/Patient?identifier={number}") == {of["id"]}


async def test_a_real_patient_takes_the_place_of_the_minimal_one_and_references_follow(client):
    number, who = nhs_number(), urn()
    await create(client, plan(by_number(number)))
    (minimal,) = await found(client, f"/Patient?identifier={number}")
    of, person = await done(client, post(patient(number), full_url=who), post(supporter({"reference": who})))
    assert of["resource"]["id"] == minimal
    assert of["response"]["etag"] == 'W/"2"'
    assert person["resource"]["patient"] == {"reference": f"Patient/{minimal}"}


async def test_entries_that_refer_to_each_other_in_a_circle_are_stored(client):
    first, second, third = urn(), urn(), urn()

    def part(of: str) -> dict:
        return organization(partOf={"reference": of})

    answers = await done(
        client,
        post(part(second), full_url=first),
        post(part(third), full_url=second),
        post(part(first), full_url=third),
    )
    ids = [each["resource"]["id"] for each in answers]
    assert [each["resource"]["partOf"]["reference"] for each in answers] == [
        f"Organization/{id_}" for id_ in (ids[1], ids[2], ids[0])
    ]
    assert await found(client, f"/Organization?partof=Organization/{ids[0]}") == {ids[2]}


async def test_an_entry_may_refer_to_itself(client):
    me = urn()
    (answer,) = await done(client, post(organization(partOf={"reference": me}), full_url=me))
    assert answer["resource"]["partOf"] == to(answer["resource"])


async def test_references_are_rewritten_in_extensions_contained_resources_and_links(client):
    who = urn()
    nurse = practitioner(
        extension=[
            {"url": "https://trust.example.org/a", "valueReference": {"reference": who}},
            {"url": "https://trust.example.org/b", "extension": [{"url": "c", "valueUri": who}]},
            {"url": "https://trust.example.org/d", "valueString": who},
            {"url": "https://trust.example.org/e", "valueCanonical": who},
        ],
        text={
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><a href="{who}">Who</a> {who}</div>',
        },
        _gender={"extension": [{"url": "https://trust.example.org/f", "valueReference": {"reference": who}}]},
        contained=[
            {"resourceType": "Basic", "id": "b", "code": {"text": "x"}, "subject": {"reference": who}},
            {"resourceType": "Organization", "id": "o", "name": "O", "partOf": {"reference": who}},
        ],
        qualification=[{"code": {"text": "q"}, "issuer": {"reference": "#o"}}],
    )
    nurse["extension"].append({"url": "https://trust.example.org/g", "valueReference": {"reference": "#b"}})
    place, stored = await done(client, post(organization(), full_url=who), post(nurse))
    reference, read = name(place["resource"]), stored["resource"]
    assert [each.get("valueReference", {}).get("reference") for each in read["extension"]] == [
        reference,
        *[None] * 3,
        "#b",
    ]
    assert read["extension"][1]["extension"][0]["valueUri"] == reference
    assert read["extension"][2]["valueString"] == read["extension"][3]["valueCanonical"] == who
    assert f'<a href="{reference}">Who</a> {who}</div>' in read["text"]["div"]
    assert read["_gender"]["extension"][0]["valueReference"]["reference"] == reference
    assert [each.get("subject", each.get("partOf"))["reference"] for each in read["contained"]] == [reference] * 2


async def test_a_full_url_of_another_server_is_replaced_also_where_it_is_referred_to_by_type_and_id(client):
    there = "https://other.example.org/fhir"
    of, person, other = await done(
        client,
        post(patient(id="7"), full_url=f"{there}/Patient/7"),
        post(supporter({"reference": "Patient/7"}), full_url=f"{there}/RelatedPerson/8"),
        post(supporter({"reference": f"{there}/Patient/7"}), full_url=urn()),
    )
    assert person["resource"]["patient"] == other["resource"]["patient"] == to(of["resource"])


async def test_updates_create_and_replace(client):
    standing = await create(client, organization())
    new = organization(id=f"chosen-{uuid4()}")
    answers = await done(client, put_entry({**standing, "name": "Another"}), put_entry(new))
    assert [each["response"]["status"] for each in answers] == ["200", "201"]
    assert answers[0]["resource"]["meta"]["versionId"] == "2"
    assert (await client.get(f"/{name(standing)}")).json()["name"] == "Another"
    assert (await client.get(f"/{name(new)}")).status_code == 200


async def test_a_deletion_and_a_new_version_that_no_longer_refers_to_it_go_together(client):
    whole = await create(client, organization())
    part = await create(client, organization(partOf=to(whole)))
    alone = await send(client, delete(name(whole)))
    assert alone.status_code == 409
    assert issue(alone)["expression"] == ["Bundle.entry[0]"]
    freed = {key: value for key, value in part.items() if key != "partOf"}
    assert statuses(await send(client, put_entry(freed), delete(name(whole)))) == ["200", "204"]
    assert (await client.get(f"/{name(whole)}")).status_code == 410


async def test_what_refers_to_each_other_is_deleted_together(client):
    whole = await create(client, organization())
    part = await create(client, organization(partOf=to(whole)))
    assert statuses(await send(client, delete(name(whole)), delete(name(part)))) == ["204", "204"]


async def test_deleting_what_is_not_there_is_no_failure(client):
    assert statuses(await send(client, delete(f"Organization/{uuid4()}"))) == ["204"]


async def test_reads_see_what_the_transaction_writes_wherever_they_stand(client):
    number = nhs_number()
    of = by_number(number)
    id_ = f"read-{uuid4()}"
    answers = await done(
        client,
        get(f"Practitioner/{id_}"),
        get(f"CarePlan?patient:identifier={number}"),
        get(f"Practitioner/{id_}/_history/1"),
        entry("HEAD", f"Practitioner/{id_}"),
        put_entry(practitioner(id=id_)),
        post(plan(of)),
    )
    assert answers[0]["resource"] == answers[2]["resource"] == answers[4]["resource"]
    assert answers[0]["response"]["etag"] == 'W/"1"'
    assert answers[1]["resource"]["total"] == 1
    assert answers[1]["resource"]["entry"][0]["resource"] == answers[5]["resource"]
    assert "resource" not in answers[3]
    assert answers[3]["response"]["status"] == "200"


async def test_a_read_of_what_the_caller_has_is_not_modified(client):
    stored = await create(client, practitioner())
    later = "2100-01-01T00:00:00Z"
    url = name(stored)
    answers = await done(
        client, get(url, ifNoneMatch='W/"1"'), get(url, ifNoneMatch='W/"2"'), get(url, ifModifiedSince=later)
    )
    assert [each["response"]["status"] for each in answers] == ["304", "200", "304"]
    assert "resource" not in answers[0]
    leap_second, last, first = "2016-12-31T23:59:60Z", "9999-12-31T23:59:60-14:00", "0001-01-01T00:00:00+14:00"
    answers = await done(client, *(get(url, ifModifiedSince=each) for each in (leap_second, last, first)))
    assert [each["response"]["status"] for each in answers] == ["200", "200", "200"]


@pytest.mark.parametrize(
    ("prefer", "resource", "outcome"),
    [("minimal", False, False), ("representation", True, False), ("OperationOutcome", False, True)],
)
async def test_what_comes_back_is_what_is_preferred_and_reads_always_show(client, prefer, resource, outcome):
    stored = await create(client, practitioner())
    response = await send(client, post(practitioner()), get(name(stored)), Prefer=f"return={prefer}")
    written, read = response.json()["entry"]
    assert ("resource" in written) is resource
    assert ("outcome" in written["response"]) is outcome
    assert read["resource"] == stored


async def test_an_empty_transaction_is_answered(client):
    response = await client.post("", json=transaction())
    assert response.status_code == 200
    assert "entry" not in response.json()


async def test_both_addresses_of_base_take_a_bundle(client):
    for address in ("http://kith.test/FHIR/R4", "http://kith.test/FHIR/R4/"):
        response = await client.post(address, json=transaction(post(practitioner())))
        assert statuses(response) == ["201"]


async def test_each_entry_leaves_its_audit_row_and_a_refused_transaction_one(client, module_database_url):
    asked, refused = str(uuid4()), str(uuid4())
    stored, absent = await create(client, organization()), f"Flag/{uuid4()}"
    entries = [post(practitioner()), put_entry(stored), delete(absent)]
    await send(client, *entries, **{"X-Request-ID": asked})
    await send(client, *entries, post(organization(name=3)), **{"X-Request-ID": refused})
    connection = await asyncpg.connect(module_database_url)
    rows = "SELECT interaction, type, status FROM audit WHERE request_id = $1 ORDER BY interaction"
    assert [tuple(row) for row in await connection.fetch(rows, asked)] == [
        ("create", "Practitioner", 201),
        ("delete", "Flag", 204),
        ("update", "Organization", 200),
    ]
    assert [tuple(row) for row in await connection.fetch(rows, refused)] == [("transaction", "", 422)]
    await connection.close()


async def test_supporters_who_name_each_other_are_deleted_together(client):
    one, two = urn(), urn()
    same = "https://trust.example.org/same"
    of = by_number(nhs_number())
    answers = await done(
        client,
        post(supporter(of, extension=[{"url": same, "valueReference": {"reference": two}}]), full_url=one),
        post(supporter(of, extension=[{"url": same, "valueReference": {"reference": one}}]), full_url=two),
    )
    first, second = (name(each["resource"]) for each in answers)
    alone = await send(client, delete(first))
    assert (alone.status_code, issue(alone)["expression"]) == (409, ["Bundle.entry[0]"])
    assert statuses(await send(client, delete(first), delete(second))) == ["204", "204"]
    assert (await client.get(f"/{first}")).status_code == (await client.get(f"/{second}")).status_code == 410


async def test_a_patients_number_is_free_for_another_when_both_are_in_one_transaction(client):
    number = nhs_number()
    old = await create(client, patient(number))
    gone, new = await done(client, delete(name(old)), post(patient(number)))
    assert (gone["response"]["status"], new["response"]["status"]) == ("204", "201")
    assert await found(client, f"/Patient?identifier={number}") == {new["resource"]["id"]}
