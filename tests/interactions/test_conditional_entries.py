"""Entries and references of a transaction that say by criteria what they mean: https://hl7.org/fhir/R4/http.html#trules"""

from uuid import uuid4

import pytest

from tests.interactions.bundles import delete, done, entry, post, send, statuses
from tests.interactions.conditional import identified, linked
from tests.record.examples import (
    LOCAL,
    NHS_NUMBER,
    create,
    found,
    issue,
    name,
    nhs_number,
    organization,
    patient,
    plan,
    practitioner,
    to,
)


def urn() -> str:
    return f"urn:uuid:{uuid4()}"


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
