"""Transactions that are refused, as a whole and with all that is wrong: https://hl7.org/fhir/R4/http.html#transaction"""

from uuid import uuid4

import pytest

from tests.interactions.bundles import delete, get, post, put_entry, send, statuses
from tests.record.examples import (
    by_number,
    consent,
    create,
    found,
    issue,
    issues,
    name,
    nhs_number,
    organization,
    patient,
    plan,
    practitioner,
    put,
    supporter,
    team,
    to,
)


def urn() -> str:
    return f"urn:uuid:{uuid4()}"


async def count(client, type_: str) -> int:
    return (await client.get(f"/{type_}?_summary=count")).json()["total"]


async def test_what_a_transaction_deletes_nothing_in_it_can_refer_to(client):
    whole = await create(client, organization())
    response = await send(client, post(organization(partOf=to(whole))), delete(name(whole)))
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Bundle.entry[0].resource.partOf"]
    assert (await client.get(f"/{name(whole)}")).status_code == 200


async def test_a_read_of_what_is_not_there_fails_the_whole(client):
    before = await count(client, "Practitioner")
    response = await send(client, post(practitioner()), get(f"Patient/{uuid4()}"))
    assert response.status_code == 404
    assert issue(response)["expression"] == ["Bundle.entry[1]"]
    assert await count(client, "Practitioner") == before


async def test_a_stale_if_match_fails_the_whole(client):
    stored = await create(client, organization())
    await put(client, {**stored, "name": "Second"})
    before = await count(client, "Practitioner")
    stale = put_entry({**stored, "name": "Third"}, ifMatch='W/"1"')
    response = await send(client, post(practitioner()), stale)
    assert response.status_code == 412
    assert issue(response)["expression"] == ["Bundle.entry[1]"]
    assert await count(client, "Practitioner") == before
    current = put_entry({**stored, "name": "Third"}, ifMatch='W/"2"')
    assert statuses(await send(client, current)) == ["200"]
    assert (await send(client, delete(name(stored), ifMatch='W/"2"'))).status_code == 412
    assert statuses(await send(client, delete(name(stored), ifMatch='W/"3"'))) == ["204"]


async def test_an_update_that_is_only_to_create_does_not_replace(client):
    stored = await create(client, organization())
    response = await send(client, put_entry(stored, ifNoneMatch="*"))
    assert response.status_code == 412
    assert statuses(await send(client, put_entry(organization(id=f"n-{uuid4()}"), ifNoneMatch="*"))) == ["201"]


async def test_everything_that_is_wrong_is_said_at_once_and_where(client):
    before = await count(client, "Practitioner")
    response = await send(
        client,
        post(practitioner()),
        post(practitioner(gender="x", birthDate="1980-13-01")),
        post(organization(partOf={"reference": urn()})),
        put_entry(organization(id="a", active="yes")),
    )
    assert response.status_code == 422
    assert {place for each in issues(response) for place in each["expression"]} == {
        "Bundle.entry[1].resource.gender",
        "Bundle.entry[1].resource.birthDate",
        "Bundle.entry[2].resource.partOf.reference",
        "Bundle.entry[3].resource.active",
    }
    assert await count(client, "Practitioner") == before


async def test_every_reference_to_what_is_not_there_is_named(client):
    response = await send(
        client,
        post(organization(partOf={"reference": "Organization/absent"})),
        post(practitioner()),
        post(team(by_number(nhs_number()), "Practitioner/absent")),
    )
    assert response.status_code == 422
    assert [each["expression"] for each in issues(response)] == [
        ["Bundle.entry[0].resource.partOf"],
        ["Bundle.entry[2].resource.participant[0].member"],
    ]


@pytest.mark.parametrize("place", range(4))
async def test_nothing_is_left_of_a_transaction_in_which_any_entry_fails(client, place):
    of = by_number(nhs_number())
    before = [await count(client, type_) for type_ in ("Patient", "RelatedPerson", "CarePlan", "Organization")]
    entries = [post(supporter(of)), post(plan(of)), put_entry(organization(id=f"left-{uuid4()}")), post(organization())]
    entries[place]["resource"]["extension"] = [
        {"url": "https://trust.example.org/x", "valueReference": {"reference": "Organization/absent"}}
    ]
    response = await send(client, *entries)
    assert response.status_code == 422
    assert issue(response)["expression"] == [f"Bundle.entry[{place}].resource.extension[0].value"]
    after = [await count(client, type_) for type_ in ("Patient", "RelatedPerson", "CarePlan", "Organization")]
    assert after == before


async def test_the_same_resource_twice_is_refused(client):
    stored = await create(client, organization())
    response = await send(client, put_entry(stored), delete(name(stored)))
    assert response.status_code == 400
    assert issue(response)["expression"] == ["Bundle.entry[1].request.url"]


async def test_two_patients_with_one_nhs_number_are_refused(client):
    number = nhs_number()
    response = await send(client, post(patient(number)), post(patient(number)))
    assert response.status_code == 409
    assert issue(response)["expression"] == ["Bundle.entry[1].resource.identifier"]
    assert await found(client, f"/Patient?identifier={number}") == set()


async def test_an_nhs_number_that_is_taken_is_refused(client):
    number = nhs_number()
    await create(client, patient(number))
    response = await send(client, post(practitioner()), post(patient(number)))
    assert response.status_code == 409
    assert issue(response)["expression"] == ["Bundle.entry[1].resource.identifier"]


async def test_a_supporter_of_another_patient_is_refused_also_within_one_transaction(client):
    who = urn()
    response = await send(
        client,
        post(supporter(by_number(nhs_number())), full_url=who),
        post(consent(by_number(nhs_number()), who)),
    )
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Bundle.entry[1].resource.provision.actor[0].reference"]


async def test_a_supporter_whom_a_consent_names_by_identifier_is_kept_in_a_transaction_too(client):
    of, value = by_number(nhs_number()), str(uuid4())
    known = {"system": "https://trust.example.org/local", "value": value}
    person = await create(client, supporter(of, identifier=[known]))
    agreed = consent(of, "RelatedPerson/x")
    agreed["provision"]["actor"][0]["reference"] = {"type": "RelatedPerson", "identifier": known}
    stored = await create(client, agreed)
    withdrawn = {**stored, "status": "inactive"}
    response = await send(client, put_entry(withdrawn), delete(name(person)))
    assert response.status_code == 409
    assert issue(response)["expression"] == ["Bundle.entry[1]"]
    assert (await client.get(f"/{name(stored)}")).json()["status"] == "active"
