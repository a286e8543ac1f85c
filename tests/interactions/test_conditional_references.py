"""Conditional references mean what there is when the transaction has written all that it writes."""

from typing import Any
from uuid import uuid4

import pytest

from tests.interactions.bundles import delete, done, entry, post, put_entry, send
from tests.interactions.conditional import identified
from tests.record.examples import LOCAL, create, found, issue, name, nhs_number, organization, patient, plan, to

Resource = dict[str, Any]


def meant(value: str) -> Resource:
    return {"reference": f"Organization?identifier={LOCAL}|{value}"}


async def test_they_find_what_the_same_transaction_creates(client):
    value, chosen = str(uuid4()), str(uuid4())
    part, made, also = await done(
        client,
        post(organization(partOf=meant(value))),
        post(identified(value, partOf=meant(chosen))),
        put_entry(identified(chosen, id=chosen)),
    )
    assert part["resource"]["partOf"] == to(made["resource"])
    assert made["resource"]["partOf"] == to(also["resource"]) == {"reference": f"Organization/{chosen}"}


async def test_they_find_the_patient_whom_the_same_transaction_brings(client):
    number = nhs_number()
    reference = {"reference": f"Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{number}"}
    planned, person = await done(client, post(plan(reference)), post(patient(number)))
    assert planned["resource"]["subject"] == to(person["resource"])
    assert await found(client, f"/CarePlan?patient={number}") == {planned["resource"]["id"]}


async def test_they_find_the_minimal_patient_whose_place_a_new_one_takes(client):
    number = nhs_number()
    first = await create(client, plan({"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number}}))
    reference = {"reference": f"Patient?identifier={number}"}
    planned, person = await done(client, post(plan(reference)), post(patient(number)))
    assert planned["resource"]["subject"] == to(person["resource"])
    assert await found(client, f"/CarePlan?patient={number}") == {first["id"], planned["resource"]["id"]}


async def test_they_do_not_find_what_the_same_transaction_deletes_or_makes_another(client):
    value = str(uuid4())
    stored = await create(client, identified(value))
    pointing = post(organization(partOf=meant(value)))
    for change in (delete(name(stored)), put_entry(organization(id=stored["id"]))):
        response = await send(client, pointing, change)
        assert response.status_code == 412
        assert issue(response)["expression"] == ["Bundle.entry[0].resource.partOf.reference"]
    part, made, _ = await done(client, pointing, post(identified(value)), delete(name(stored)))
    assert part["resource"]["partOf"] == to(made["resource"])


@pytest.mark.parametrize("there", [True, False])
async def test_they_are_refused_when_several_are_meant_in_the_end(client, there):
    value = str(uuid4())
    if there:
        await create(client, identified(value))
    made = [post(identified(value)) for _ in range(1 if there else 2)]
    response = await send(client, post(organization(partOf=meant(value))), *made)
    assert (response.status_code, issue(response)["code"]) == (412, "multiple-matches")
    assert len(await found(client, f"/Organization?identifier={value}")) == there


async def test_they_are_asked_again_of_what_a_patch_has_made(client):
    value = str(uuid4())
    stored = await create(client, identified(value))
    removal = {"name": "operation", "part": [{"name": "type", "valueCode": "delete"}]}
    removal["part"].append({"name": "path", "valueString": "Organization.identifier"})
    change = entry("PATCH", name(stored), {"resourceType": "Parameters", "parameter": [removal]})
    response = await send(client, post(organization(partOf=meant(value))), change)
    assert response.status_code == 412
    assert issue(response)["diagnostics"] == "No Organization meets the criteria of this reference."
    assert await found(client, f"/Organization?identifier={value}") == {stored["id"]}


async def test_criteria_that_only_the_record_can_judge_are_asked_again_too(client):
    whole = await create(client, organization())
    await create(client, organization(partOf=to(whole)))
    reference = {"reference": f"Organization?partof={name(whole)}"}
    response = await send(client, post(organization(partOf=reference)), post(organization(partOf=to(whole))))
    assert (response.status_code, issue(response)["code"]) == (412, "multiple-matches")
    assert len(await found(client, f"/Organization?partof={name(whole)}")) == 1
