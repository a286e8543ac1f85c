"""An active refusal is about somebody who is found here and can be told apart from others."""

import pytest

from tests.conftest import running
from tests.record.examples import (
    LOCAL,
    by_number,
    consent,
    create,
    issue,
    issues,
    name,
    nhs_number,
    organization,
    practitioner,
    put,
    supporter,
    team,
    to,
)

CST = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "CST"}]}


@pytest.fixture
async def anna():
    return by_number(nhs_number())


@pytest.fixture
async def rob(client, anna):
    return await create(client, supporter(anna, identifier=[{"system": LOCAL, "value": anna["identifier"]["value"]}]))


def refusal(of, *references, **more):
    """A Consent that refuses to tell those whom the references name."""
    stated = consent(of, *("RelatedPerson/x" for _ in references), **more)
    for actor, reference in zip(stated["provision"].get("actor", ()), references, strict=True):
        actor["reference"] = reference
    stated["provision"]["type"] = "deny"
    return stated


def identified(value, **more):
    return {"identifier": {"system": LOCAL, "value": value}, **more}


@pytest.mark.parametrize("type_", ["Group", "Device", "Patient"])
async def test_a_refusal_for_a_group_a_device_or_a_patient_is_refused_and_kept_as_a_draft(client, anna, type_):
    for reference in (identified("somebody", type=type_), {"reference": f"https://elsewhere.example.org/{type_}/1"}):
        response = await client.post("/Consent", json=refusal(anna, reference))
        assert response.status_code == 422
        assert issue(response)["expression"] == ["Consent.provision.actor[0].reference"]
        assert type_ in issue(response)["diagnostics"]
        draft = await create(client, refusal(anna, reference, status="draft"))
        assert (await put(client, {**draft, "status": "active"})).status_code == 422


LOST = [
    identified("nobody"),
    identified("nobody", type="RelatedPerson"),
    identified("nobody", type="Organization"),
    {"reference": "https://elsewhere.example.org/RelatedPerson/1"},
    {"reference": "urn:uuid:0b8f1a52-3c5e-4d27-9f5c-0e9d7c1c2a11"},
]


@pytest.mark.parametrize("lost", LOST, ids=str)
async def test_a_refusal_that_does_not_find_whom_it_names_is_refused_and_kept_as_a_draft(client, anna, rob, lost):
    response = await client.post("/Consent", json=refusal(anna, to(rob), lost))
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Consent.provision.actor[1].reference"]
    assert (await client.post("/Consent", json=refusal(anna, to(rob), lost, status="draft"))).status_code == 201


async def test_a_refusal_in_words_alone_is_refused_and_kept_as_a_draft(client, anna):
    said = {"display": "my ex"}
    response = await client.post("/Consent", json=refusal(anna, said))
    assert issue(response)["expression"] == ["Consent.provision.actor[0].reference.reference"]
    await create(client, refusal(anna, said, status="draft"))


async def test_a_refusal_within_a_permit_must_find_whom_it_names_too(client, anna, rob):
    within = consent(anna, name(rob))
    within["provision"]["provision"] = [refusal(anna, LOST[1])["provision"]]
    response = await client.post("/Consent", json=within)
    assert issue(response)["expression"] == ["Consent.provision.provision[0].actor[0].reference"]


async def test_a_refusal_takes_over_the_lost_recipient_of_the_permit_around_it_and_is_refused_once(client, anna, rob):
    around = consent(anna, name(rob))
    around["provision"]["actor"][0]["reference"] = LOST[0]
    around["provision"]["provision"] = [{"type": "deny"}, {"type": "deny"}]
    response = await client.post("/Consent", json=around)
    assert issue(response)["expression"] == ["Consent.provision.actor[0].reference"]


async def test_a_refusal_must_find_who_may_not_tell(client, anna, rob):
    stated = refusal(anna, to(rob))
    stated["provision"]["actor"].append({"role": CST, "reference": identified("RX1", type="Organization")})
    response = await client.post("/Consent", json=stated)
    assert issue(response)["expression"] == ["Consent.provision.actor[1].reference"]
    await create(client, organization(identifier=[{"system": LOCAL, "value": "RX1"}]))
    assert (await client.post("/Consent", json=stated)).status_code == 201


async def test_a_refusal_may_name_by_identifier_who_is_here(client, anna, rob):
    nurse = await create(client, practitioner(identifier=[{"system": LOCAL, "value": nhs_number()}]))
    number = anna["identifier"]["value"]
    own, staff = identified(number, type="RelatedPerson"), identified(nurse["identifier"][0]["value"])
    assert (await client.post("/Consent", json=refusal(anna, own, staff))).status_code == 201


async def test_a_refusal_for_anybody_names_nobody(client, anna):
    assert (await client.post("/Consent", json=refusal(anna))).status_code == 201


async def test_a_permit_may_name_whom_nobody_finds(client, anna, rob):
    permit = refusal(anna, LOST[0])
    permit["provision"]["type"] = "permit"
    assert (await client.post("/Consent", json=permit)).status_code == 201


async def test_a_refusal_does_not_find_the_circle_of_another_patient(client, anna):
    circle = await create(client, team(by_number(nhs_number())))
    response = await client.post("/Consent", json=refusal(anna, to(circle)))
    assert issue(response)["expression"] == ["Consent.provision.actor[0].reference"]
    own = await create(client, team(anna))
    assert (await client.post("/Consent", json=refusal(anna, to(own)))).status_code == 201


async def test_a_refusal_finds_whom_it_names_where_references_are_not_enforced_too(module_database_url, client, anna):
    async with running(module_database_url, referential_integrity=False) as loose:
        lost = refusal(anna, {"reference": "RelatedPerson/not-here-yet"})
        response = await loose.post("/Consent", json=lost)
        assert response.status_code == 422
        assert issue(response)["expression"] == ["Consent.provision.actor[0].reference"]
        await put(loose, supporter(anna, id="not-here-yet"))
        assert (await loose.post("/Consent", json=lost)).status_code == 201


async def test_where_consents_need_not_be_computable_it_is_left_to_the_decision(module_database_url, anna, rob):
    async with running(module_database_url, computable_consents=False) as service:
        assert (await service.post("/Consent", json=refusal(anna, LOST[0]))).status_code == 201


async def test_many_who_are_lost_are_told_in_an_answer_of_bounded_size(client, anna):
    response = await client.post("/Consent", json=refusal(anna, *[LOST[0]] * 500))
    assert response.status_code == 422
    assert len(issues(response)) == 100


async def test_a_refusal_by_identifier_finds_a_supporter_who_was_deleted(client, anna, rob):
    assert (await client.delete(f"/{name(rob)}")).status_code == 204
    own = identified(rob["identifier"][0]["value"], type="RelatedPerson")
    assert (await client.post("/Consent", json=refusal(anna, own))).status_code == 201
