"""What is kept although somebody asks for its deletion."""

import asyncio

import pytest

from tests.conftest import running
from tests.record.examples import (
    NHS_NUMBER,
    by_number,
    consent,
    create,
    issue,
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


@pytest.fixture
async def person(client):
    return await create(client, supporter(by_number(nhs_number())))


async def test_a_consent_that_is_active_is_kept(client):
    stored = await create(client, consent(by_number(nhs_number())))
    response = await client.delete(f"/{name(stored)}")
    assert response.status_code == 409
    assert "inactive" in issue(response)["diagnostics"]
    assert (await client.get(f"/{name(stored)}")).status_code == 200


@pytest.mark.parametrize("status", ["inactive", "entered-in-error", "rejected"])
async def test_a_consent_that_was_active_once_is_kept(client, status):
    stored = await create(client, consent(by_number(nhs_number())))
    await put(client, {**stored, "status": status})
    assert (await client.delete(f"/{name(stored)}")).status_code == 409


@pytest.mark.parametrize("status", ["draft", "proposed", "rejected"])
async def test_a_consent_that_never_was_active_can_be_deleted(client, status):
    stored = await create(client, consent(by_number(nhs_number()), status=status))
    assert (await client.delete(f"/{name(stored)}")).status_code == 204


async def test_a_consent_with_an_escaped_character_can_be_asked_about(client):
    odd = consent(
        by_number(nhs_number()),
        status="draft",
        extension=[{"url": "https://trust.example.org/x", "valueString": "\\u0000 \t \u2028"}],
    )
    stored = await create(client, odd)
    assert (await client.delete(f"/{name(stored)}")).status_code == 204


async def test_a_supporter_whom_a_consent_names_is_kept(client, loose, person):
    await create(client, consent(person["patient"], name(person)))
    for service in (client, loose):
        response = await service.delete(f"/{name(person)}")
        assert response.status_code == 409
        assert "Consent/" in issue(response)["diagnostics"]
    assert (await client.get(f"/{name(person)}")).status_code == 200


async def test_a_supporter_whom_a_nested_provision_names_is_kept(loose, client, person):
    nested = consent(person["patient"])
    nested["provision"]["provision"] = [consent({}, name(person))["provision"]]
    await create(client, nested)
    assert (await loose.delete(f"/{name(person)}")).status_code == 409


async def test_a_supporter_whom_a_consent_names_by_identifier_is_kept(client, loose):
    number = nhs_number()
    stored = await create(
        client, supporter(by_number(nhs_number()), identifier=[{"system": NHS_NUMBER, "value": number}])
    )
    logical = consent(stored["patient"], "RelatedPerson/x")
    logical["provision"]["actor"][0]["reference"] = {
        "type": "RelatedPerson",
        "identifier": {"system": NHS_NUMBER, "value": number},
    }
    await create(client, logical)
    assert (await loose.delete(f"/{name(stored)}")).status_code == 409


@pytest.mark.parametrize("now", ["inactive", "draft", "entered-in-error", "active"])
async def test_a_supporter_is_kept_who_was_named_by_an_earlier_version_of_a_decision(client, loose, person, now):
    other = await create(client, supporter(person["patient"]))
    stored = await create(client, consent(person["patient"], name(person)))
    changed = consent(person["patient"], name(other), status=now, id=stored["id"])
    assert (await put(client, changed)).status_code == 200
    for service in (client, loose):
        response = await service.delete(f"/{name(person)}")
        assert response.status_code == 409
        assert name(stored) in issue(response)["diagnostics"]


async def test_a_supporter_is_kept_who_was_named_by_identifier_in_an_earlier_version(client):
    number = nhs_number()
    stored = await create(
        client, supporter(by_number(nhs_number()), identifier=[{"system": NHS_NUMBER, "value": number}])
    )
    logical = consent(stored["patient"], "RelatedPerson/x")
    logical["provision"]["actor"][0]["reference"] = {
        "type": "RelatedPerson",
        "identifier": {"system": NHS_NUMBER, "value": number},
    }
    given = await create(client, logical)
    await put(client, consent(stored["patient"], id=given["id"]))
    assert (await client.delete(f"/{name(stored)}")).status_code == 409


async def test_a_supporter_is_kept_while_the_decision_that_named_them_changes(client, module_database_url):
    async with running(module_database_url) as other:
        for _ in range(10):
            person = await create(client, supporter(by_number(nhs_number())))
            given = await create(client, consent(person["patient"], name(person)))
            changed = put(other, consent(person["patient"], id=given["id"]))
            _, deleted = await asyncio.gather(changed, client.delete(f"/{name(person)}"))
            assert deleted.status_code == 409


async def test_a_supporter_whom_only_drafts_named_can_be_deleted(client, person):
    stored = await create(client, consent(person["patient"], name(person), status="draft"))
    await put(client, consent(person["patient"], status="draft", id=stored["id"]))
    assert (await client.delete(f"/{name(person)}")).status_code == 204


async def test_a_supporter_whom_a_care_team_names_is_kept(client, loose, person):
    await create(client, team(person["patient"], name(person)))
    for service in (client, loose):
        assert (await service.delete(f"/{name(person)}")).status_code == 409


async def test_a_supporter_is_kept_however_much_else_names_them(client, loose, person):
    for _ in range(7):
        await create(client, plan(person["patient"], contributor=[to(person)]))
    await create(client, consent(person["patient"], name(person)))
    assert (await loose.delete(f"/{name(person)}")).status_code == 409


async def test_a_supporter_whom_only_a_plan_names_can_go_where_references_are_not_enforced(client, loose, person):
    await create(client, plan(person["patient"], contributor=[to(person)]))
    assert (await client.delete(f"/{name(person)}")).status_code == 409
    assert (await loose.delete(f"/{name(person)}")).status_code == 204


async def test_a_supporter_whom_nothing_names_any_more_can_be_deleted(client, person):
    stored = await create(client, team(person["patient"], name(person)))
    await put(client, team(person["patient"], id=stored["id"]))
    assert (await client.delete(f"/{name(person)}")).status_code == 204


async def test_what_something_refers_to_is_kept_and_the_answer_names_it(client):
    place = await create(client, organization())
    role = await create(client, {"resourceType": "PractitionerRole", "organization": to(place)})
    response = await client.delete(f"/{name(place)}")
    assert response.status_code == 409
    assert name(role) in issue(response)["diagnostics"]
    await client.delete(f"/{name(role)}")
    assert (await client.delete(f"/{name(place)}")).status_code == 204


async def test_what_an_extension_refers_to_is_kept(client):
    nurse = await create(client, practitioner())
    await create(
        client, organization(extension=[{"url": "https://trust.example.org/lead", "valueReference": to(nurse)}])
    )
    assert (await client.delete(f"/{name(nurse)}")).status_code == 409


async def test_what_refers_only_to_itself_can_be_deleted(client):
    stored = await create(client, organization())
    await put(client, {**stored, "partOf": to(stored)})
    assert (await client.delete(f"/{name(stored)}")).status_code == 204


async def test_a_patient_with_a_record_is_kept_however_the_record_names_them(client):
    number = nhs_number()
    stored = await create(client, patient(number))
    await create(client, supporter(by_number(number)))
    assert (await client.delete(f"/{name(stored)}")).status_code == 409


async def test_a_patient_without_a_record_can_be_deleted_and_the_number_is_free_again(client):
    number = nhs_number()
    stored = await create(client, patient(number))
    assert (await client.delete(f"/{name(stored)}")).status_code == 204
    assert (await create(client, patient(number)))["id"] != stored["id"]
