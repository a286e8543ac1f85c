"""Conditional writes: https://hl7.org/fhir/R4/http.html#ccreate, https://hl7.org/fhir/R4/http.html#cond-update"""

import asyncio
from collections import Counter
from uuid import uuid4

import pytest

from tests.interactions.bundles import delete, done, entry, post, send, statuses
from tests.record.examples import (
    LOCAL,
    NHS_NUMBER,
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
    to,
)


def identified(value: str, **more) -> dict:
    return organization(identifier=[{"system": LOCAL, "value": value}], **more)


def urn() -> str:
    return f"urn:uuid:{uuid4()}"


async def unless(client, criteria: str, resource: dict):
    return await client.post(f"/{resource['resourceType']}", json=resource, headers={"If-None-Exist": criteria})


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


def linked(reference: str) -> dict:
    return {"url": "https://trust.example.org/x", "valueReference": {"reference": reference}}


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


@pytest.mark.parametrize("clients", [32])
async def test_of_many_with_the_same_criteria_at_once_one_creates_and_all_are_told_the_truth(client, clients):
    value = str(uuid4())
    sent = [unless(client, f"identifier={LOCAL}|{value}", identified(value, alias=[f"{n}"])) for n in range(clients)]
    responses = await asyncio.gather(*sent)
    assert Counter(each.status_code for each in responses) == {201: 1, 200: clients - 1}
    (id_,) = await found(client, f"/Organization?identifier={value}")
    assert {each.json()["id"] for each in responses} == {id_}


async def test_criteria_that_are_spelt_differently_and_mean_the_same_make_one(client):
    number = nhs_number()
    of = await create(client, patient(number))
    when = "2026-04-01"
    spaced = f"{number[:3]}%20{number[3:6]}%20{number[6:]}"
    spellings = [
        f"patient=Patient/{of['id']}&date={when}",
        f"date={when}&patient=Patient/{of['id']}",
        f"patient=http://kith.test/FHIR/R4/Patient/{of['id']}&date={when}",
        f"patient={of['id']}&date=eq{when}",
        f"patient:Patient={of['id']}&date={when}",
        f"patient:identifier={NHS_NUMBER}|{number}&date={when}",
        f"patient:identifier={NHS_NUMBER}%7C{number}&date={when}",
        f"patient:identifier={NHS_NUMBER}|{spaced}&date={when}",
        f"patient=Patient/{number}&date={when}",
        f"subject=Patient/{of['id']}&date={when}",
    ]
    sent = [unless(client, each, plan(to(of), period={"start": when, "end": when})) for each in spellings * 2]
    responses = await asyncio.gather(*sent)
    assert Counter(each.status_code for each in responses) == {201: 1, 200: len(sent) - 1}


async def test_an_nhs_number_with_and_without_spaces_means_one_patient(client):
    number = nhs_number()
    spaced = f"{number[:3]}%20{number[3:6]}%20{number[6:]}"
    criteria = [f"identifier={NHS_NUMBER}|{number}", f"identifier={NHS_NUMBER}|{spaced}", f"identifier={number}"] * 4
    responses = await asyncio.gather(*(unless(client, each, patient(number)) for each in criteria))
    assert Counter(each.status_code for each in responses) == {201: 1, 200: 11}


async def test_a_patient_whose_number_nobody_knew_is_waited_for_too(client):
    number = nhs_number()
    of = by_number(number)
    sent = [unless(client, f"patient:identifier={NHS_NUMBER}|{number}", supporter(of)) for _ in range(16)]
    responses = await asyncio.gather(*sent)
    assert Counter(each.status_code for each in responses) == {201: 1, 200: 15}
    assert len(await found(client, f"/Patient?identifier={number}")) == 1


async def test_different_criteria_that_each_meet_what_the_other_makes_make_one(client):
    for _ in range(4):
        value, called = str(uuid4()), f"Called {uuid4()}"
        criteria = [
            f"identifier={LOCAL}|{value}",
            f"name:exact={called}",
            f"identifier={value}&name:exact={called}",
        ] * 2
        responses = await asyncio.gather(*(unless(client, each, identified(value, name=called)) for each in criteria))
        assert Counter(each.status_code for each in responses) == {201: 1, 200: 5}


async def test_criteria_that_name_nobody_make_one(client):
    called = f"Called {uuid4()}"
    sent = [unless(client, f"name:exact={called}", organization(name=called)) for _ in range(12)]
    sent += [client.put(f"/Organization?name:exact={called}", json=organization(name=called)) for _ in range(4)]
    responses = await asyncio.gather(*sent)
    assert Counter(each.status_code for each in responses)[201] == 1
    assert {each.status_code for each in responses} == {200, 201}
    assert len(await found(client, f"/Organization?name:exact={called}")) == 1


async def test_plain_creates_in_between_are_found_by_whoever_asks_later(client):
    value = str(uuid4())
    criteria = f"identifier={LOCAL}|{value}"
    sent = [unless(client, criteria, identified(value)) for _ in range(8)]
    responses = await asyncio.gather(client.post("/Organization", json=identified(value)), *sent)
    assert responses[0].status_code == 201
    assert {each.status_code for each in responses[1:]} <= {200, 201, 412}
    assert Counter(each.status_code for each in responses[1:])[201] <= 1
    last = await unless(client, criteria, identified(value))
    assert last.status_code == (412 if len(await found(client, f"/Organization?{criteria}")) > 1 else 200)


async def test_transactions_and_single_conditional_creates_at_once_make_one(client):
    value = str(uuid4())
    criteria = f"identifier={LOCAL}|{value}"
    sent = [send(client, post(identified(value), ifNoneExist=criteria), post(practitioner())) for _ in range(8)]
    sent += [unless(client, criteria, identified(value)) for _ in range(8)]
    responses = await asyncio.gather(*sent)
    assert {each.status_code for each in responses} <= {200, 201}
    told = [each.json()["entry"][0]["response"]["status"] for each in responses[:8]]
    told += [str(each.status_code) for each in responses[8:]]
    assert Counter(told) == {"201": 1, "200": 15}
    assert len(await found(client, f"/Organization?{criteria}")) == 1


async def test_a_conditional_entry_finds_or_makes_and_others_refer_to_what_it_is(client):
    value, who = str(uuid4()), urn()
    criteria = f"identifier={LOCAL}|{value}"
    whole = post(identified(value), full_url=who, ifNoneExist=criteria)
    part = post(organization(partOf={"reference": who}))
    first, one = await done(client, whole, part)
    second, two = await done(client, whole, part)
    assert (first["response"]["status"], second["response"]["status"]) == ("201", "200")
    assert first["resource"] == second["resource"]
    assert one["resource"]["partOf"] == two["resource"]["partOf"] == to(first["resource"])


async def test_a_conditional_update_in_a_transaction_is_referred_to_under_the_id_it_has(client):
    value, who = str(uuid4()), urn()
    stored = await create(client, identified(value))
    changed = entry("PUT", f"Organization?identifier={value}", identified(value, name="New"), full_url=who)
    put, part = await done(client, changed, post(organization(partOf={"reference": who})))
    assert put["response"]["status"] == "200"
    assert put["resource"]["id"] == stored["id"]
    assert part["resource"]["partOf"] == to(stored)
    made, part = await done(
        client,
        entry("PUT", f"Organization?identifier={uuid4()}", organization(), full_url=who),
        post(organization(partOf={"reference": who})),
    )
    assert made["response"]["status"] == "201"
    assert part["resource"]["partOf"] == to(made["resource"])


async def test_conditional_references_become_references_to_the_one_match(client):
    value = str(uuid4())
    stored = await create(client, identified(value))
    reference = f"Organization?identifier={LOCAL}|{value}"
    (nurse,) = await done(
        client,
        post(practitioner(extension=[linked(reference), linked(f"http://kith.test/FHIR/R4/{reference}")])),
    )
    assert [each["valueReference"] for each in nurse["resource"]["extension"]] == [to(stored)] * 2


@pytest.mark.parametrize("reference", ["Organization?identifier=none-such", "Organization?", "Organization?colour=red"])
async def test_conditional_references_that_find_nothing_are_refused_and_named(client, reference):
    response = await send(client, post(practitioner()), post(practitioner(extension=[linked(reference)])))
    assert response.status_code in (400, 412)
    assert issue(response)["expression"] == ["Bundle.entry[1].resource.extension[0].value.reference"]


async def test_two_creates_with_the_same_criteria_in_one_transaction_are_refused(client):
    value = str(uuid4())
    twice = [post(identified(value), ifNoneExist=f"identifier={LOCAL}|{value}") for _ in range(2)]
    response = await send(client, *twice)
    assert response.status_code == 400
    assert issue(response)["expression"] == ["Bundle.entry[1].request.ifNoneExist"]


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_criteria_in_other_words_in_one_transaction_make_no_second_one(client, method):
    number, when = nhs_number(), "2026-05-01"
    of = await create(client, patient(number))
    sent = plan(to(of), period={"start": when, "end": when})
    spellings = [f"patient=Patient/{of['id']}&date={when}", f"date=eq{when}&patient:identifier={NHS_NUMBER}|{number}"]
    entries = [
        post(sent, ifNoneExist=each) if method == "POST" else entry("PUT", f"CarePlan?{each}", sent)
        for each in spellings
    ]
    response = await send(client, *entries)
    assert response.status_code == 412
    assert issue(response)["expression"][0].startswith("Bundle.entry[0].request.")
    assert await found(client, f"/CarePlan?patient={of['id']}") == set()


async def test_a_plain_create_beside_a_conditional_one_of_the_same_is_refused(client):
    value = str(uuid4())
    response = await send(client, post(identified(value)), post(identified(value), ifNoneExist=f"identifier={value}"))
    assert response.status_code == 412
    assert issue(response)["expression"] == ["Bundle.entry[1].request.ifNoneExist"]
    assert await found(client, f"/Organization?identifier={value}") == set()


async def test_two_updates_with_the_same_criteria_in_one_transaction_are_refused(client):
    value = str(uuid4())
    twice = [entry("PUT", f"Organization?identifier={value}", identified(value)) for _ in range(2)]
    assert (await send(client, *twice)).status_code == 400
    assert await found(client, f"/Organization?identifier={value}") == set()


async def test_one_resource_meant_in_two_ways_is_refused(client):
    value = str(uuid4())
    stored = await create(client, identified(value))
    response = await send(
        client,
        delete(f"Organization?identifier={value}"),
        entry("PUT", name(stored), identified(value, id=stored["id"])),
    )
    assert response.status_code == 400
    response = await send(client, delete(name(stored)), post(identified(value), ifNoneExist=f"identifier={value}"))
    assert response.status_code == 400
    assert (await client.get(f"/{name(stored)}")).status_code == 200


async def test_a_conditional_delete_in_a_transaction_deletes_one_or_nothing(client):
    value = str(uuid4())
    stored = await create(client, identified(value))
    url = f"Organization?identifier={LOCAL}|{value}"
    assert statuses(await send(client, delete(url))) == ["204"]
    assert statuses(await send(client, delete(url))) == ["204"]
    assert (await client.get(f"/{name(stored)}")).status_code == 410
