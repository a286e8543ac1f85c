"""Bundles of creates alone: one statement that commits by itself, and all that a transaction would have seen to."""

from uuid import uuid4

import pytest

from app.storage.pool import Database
from tests.conftest import running
from tests.interactions.bundles import done, get, post, put_entry, send, statuses, transaction
from tests.record.examples import (
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
    supporter,
    team,
    to,
)
from tests.record.protecting import restriction
from tests.record.test_transaction_failures import counts, fail

WHO, ELSE, OF = "urn:uuid:" + "1" * 8, "urn:uuid:" + "2" * 8, "urn:uuid:" + "3" * 8


def part(who: str, of: str = "time-together") -> dict:
    code = {"coding": [{"system": "https://fhir.kith.example/CodeSystem/supporter-activity", "code": of}]}
    return {"detail": {"status": "in-progress", "code": code, "performer": [{"reference": who}]}}


@pytest.fixture
def no_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a transaction was begun")

    monkeypatch.setattr(Database, "transaction", refuse)


async def test_creates_that_refer_to_each_other_begin_no_transaction(client, anna, no_transactions):
    answers = await done(
        client,
        post(plan(to(anna), activity=[part(WHO)])),
        post(consent(to(anna), WHO)),
        post(supporter(to(anna)), full_url=WHO),
        post(team(to(anna), WHO, "Patient/" + anna["id"])),
    )
    who = name(answers[2]["resource"])
    for each in answers:
        assert each["resource"] == (await client.get(f"/{name(each['resource'])}")).json()
    assert (await client.get(f"/CareTeam?participant={who}")).json()["total"] == 1


async def test_a_batch_of_creates_begins_none_either(client, anna, no_transactions):
    sent = {**transaction(post(supporter(to(anna))), post(plan(to(anna)))), "type": "batch"}
    assert statuses(await client.post("", json=sent)) == ["201", "201"]


async def test_a_new_patient_and_their_record_begin_none(client, no_transactions):
    number = nhs_number()
    of, who, *_ = await done(
        client,
        post(patient(number), full_url=OF),
        post(supporter({"reference": OF}), full_url=WHO),
        post(consent({"reference": OF}, WHO)),
    )
    found = await client.get(f"/RelatedPerson?patient.identifier={number}")
    assert [each["resource"]["id"] for each in found.json()["entry"]] == [who["resource"]["id"]]
    assert (await client.get(f"/Consent?patient={name(of['resource'])}")).json()["total"] == 1


async def test_a_record_that_names_its_new_patient_by_number_is_the_patients(client):
    number = nhs_number()
    of, *_ = await done(
        client, post(supporter(by_number(number))), post(patient(number)), post(plan(by_number(number)))
    )
    del of
    (patient_,) = (await client.get(f"/Patient?identifier={number}")).json()["entry"]
    for type_ in ("RelatedPerson", "CarePlan"):
        found = (await client.get(f"/{type_}?patient={patient_['resource']['id']}")).json()
        assert found["total"] == 1


async def test_a_patient_named_by_id_here_and_by_number_there_is_one(client):
    number = nhs_number()
    of = await create(client, patient(number))
    await done(client, post(supporter(to(of)), full_url=WHO), post(consent(by_number(number), WHO)))


@pytest.mark.parametrize("by", [consent, team])
async def test_a_new_supporter_of_another_patient_is_refused_and_named(client, anna, by):
    other = await create(client, patient(nhs_number()))
    response = await send(client, post(by(to(other), WHO)), post(supporter(to(anna)), full_url=WHO))
    assert response.status_code == 422
    found = issue(response)
    assert found["expression"][0].startswith("Bundle.entry[0].resource.")
    assert "of another patient" in found["diagnostics"]
    assert (await client.get(f"/RelatedPerson?patient={anna['id']}")).json()["total"] == 0


async def test_all_references_that_lead_nowhere_are_named_and_nothing_is_stored(client, anna):
    response = await send(
        client,
        post(supporter(to(anna)), full_url=WHO),
        post(consent(to(anna), WHO, "RelatedPerson/nobody")),
        post(plan({"reference": "Patient/nobody"})),
    )
    assert response.status_code == 422
    said = [each["expression"][0] for each in response.json()["issue"]]
    assert [each.partition(".resource.")[0] for each in said] == ["Bundle.entry[1]", "Bundle.entry[2]"]
    assert (await client.get(f"/RelatedPerson?patient={anna['id']}")).json()["total"] == 0


@pytest.mark.parametrize("others", [[], [put_entry(organization(id="of-a-circle"))]], ids=["alone", "not alone"])
@pytest.mark.parametrize("length", [2, 5])
async def test_what_refers_to_each_other_in_a_circle_is_kept_for_each_other(client, length, others):
    """By references in elements that no search parameter is about."""
    urns = [f"urn:uuid:{uuid4()}" for _ in range(length)]
    told = [[{"url": "https://trust.example.org/a", "valueReference": {"reference": urn}}] for urn in urns]
    circle = [
        post((organization, practitioner)[n % 2](extension=told[n - 1]), full_url=urn) for n, urn in enumerate(urns)
    ]
    made = [each["resource"] for each in (await done(client, *circle, *others))[:length]]
    for n, each in enumerate(made):
        assert (await client.delete(f"/{name(each)}")).status_code == 409
        assert each["extension"][0]["valueReference"] == to(made[n - 1])


@pytest.mark.parametrize("before", [True, False])
async def test_a_supporter_who_may_be_somebody_restricted_comes_with_a_warning(client, anna, rob, before):
    twin = post(supporter(to(anna), name=rob["name"]))
    if before:
        await create(client, restriction(to(anna), rob))
        first, _ = await done(client, twin, post(plan(to(anna))))
    else:
        first, _ = await done(client, twin, post(restriction(to(anna), rob)))
    (said,) = first["response"]["outcome"]["issue"]
    assert "same-person" in said["diagnostics"]


async def test_a_plan_that_rests_on_a_child_of_the_same_bundle_is_warned_of_or_refused(client, anna):
    child = post(supporter(to(anna), birthDate="2015-05-05"), full_url=WHO)
    _, planned = await done(client, child, post(plan(to(anna), activity=[part(WHO)])))
    (said,) = planned["response"]["outcome"]["issue"]
    assert "under 18" in said["diagnostics"]
    refused = await send(client, child, post(plan(to(anna), activity=[part(WHO, "support-with-medication")])))
    assert refused.status_code == 422
    assert (await client.get(f"/RelatedPerson?patient={anna['id']}")).json()["total"] == 1


async def test_a_read_after_the_creates_sees_them(client, anna):
    made, page = await done(client, post(supporter(to(anna))), get(f"RelatedPerson?patient={anna['id']}"))
    assert [each["resource"]["id"] for each in page["resource"]["entry"]] == [made["resource"]["id"]]


@pytest.mark.parametrize("at_commit", [False, True])
@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("resource", "type", "CarePlan"), ("resource_version", "type", "Consent"), ("audit", "type", "RelatedPerson")],
)
async def test_a_failure_at_any_of_the_creates_leaves_nothing(
    database_url, connection, table, column, value, at_commit
):
    async with running(database_url) as client:
        of = await create(client, patient(nhs_number()))
        entries = [
            post(supporter(to(of)), full_url=WHO),
            post(consent(to(of), WHO)),
            post(plan(to(of), activity=[part(WHO)])),
        ]
        before = await counts(connection)
        await fail(connection, table, column, value, at_commit=at_commit)
        response = await send(client, *entries)
        assert response.status_code >= 500
        assert await counts(connection) == before
        await connection.execute(f"DROP TRIGGER fail ON {table}")
        assert statuses(await send(client, *entries)) == ["201"] * 3
