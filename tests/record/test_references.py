"""References: https://hl7.org/fhir/R4/references.html, and that literal ones lead somewhere."""

import pytest

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


def expressions(response):
    assert response.status_code == 422, response.text
    return sorted(each["expression"][0] for each in issues(response))


async def test_every_reference_that_leads_nowhere_is_named_at_once(client):
    bad = plan(
        by_number(nhs_number()),
        author={"reference": "Practitioner/nobody"},
        contributor=[{"reference": "RelatedPerson/nobody"}, {"reference": "Organization/nowhere"}],
        careTeam=[{"reference": "CareTeam/none"}],
        activity=[{"detail": {"status": "scheduled", "performer": [{"reference": "PractitionerRole/none"}]}}],
        extension=[{"url": "urn:x", "valueReference": {"reference": "Practitioner/nobody-either"}}],
    )
    response = await client.post("/CarePlan", json=bad)
    assert expressions(response) == [
        "CarePlan.activity[0].detail.performer[0]",
        "CarePlan.author",
        "CarePlan.careTeam[0]",
        "CarePlan.contributor[0]",
        "CarePlan.contributor[1]",
        "CarePlan.extension[0].value",
    ]
    assert {each["code"] for each in issues(response)} == {"not-found"}


@pytest.mark.parametrize(
    "way", ["Patient/nobody", "http://kith.test/FHIR/R4/Patient/nobody", "Patient/nobody/_history/1"]
)
async def test_a_patient_who_is_not_there_is_not_found(client, way):
    response = await client.post("/RelatedPerson", json=supporter({"reference": way}))
    assert expressions(response) == ["RelatedPerson.patient"]


async def test_what_was_deleted_cannot_be_referred_to(client):
    nurse = await create(client, practitioner())
    await client.delete(f"/{name(nurse)}")
    response = await client.post("/CarePlan", json=plan(by_number(nhs_number()), author=to(nurse)))
    assert expressions(response) == ["CarePlan.author"]


async def test_an_update_is_held_to_it_too(client):
    stored = await create(client, plan(by_number(nhs_number())))
    response = await put(client, {**stored, "author": {"reference": "Practitioner/nobody"}})
    assert expressions(response) == ["CarePlan.author"]
    assert (await client.get(f"/{name(stored)}")).json() == stored


async def test_where_it_is_off_a_reference_may_lead_nowhere_yet(loose, client):
    stored = await create(loose, plan({"reference": "Patient/later"}, author={"reference": "Practitioner/later"}))
    assert await found(loose, "/CarePlan?patient=later") == {stored["id"]}
    await put(loose, patient(nhs_number(), id="later"))
    await put(loose, practitioner(id="later"))
    assert await found(client, "/CarePlan?patient=Patient/later") == {stored["id"]}
    assert (await put(client, stored)).status_code == 200


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Observation/1"},
        {"reference": "http://other.example/fhir/Practitioner/1"},
        {"reference": "https://other.example/FHIR/R4/Practitioner/9990000018"},
        {"reference": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"},
        {"reference": "urn:oid:1.2.3.4.5"},
        {"type": "Practitioner", "identifier": {"system": "https://fhir.nhs.uk/Id/sds-user-id", "value": "1"}},
        {"display": "Somebody"},
        {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]},
    ],
    ids=lambda reference: next(iter(reference.values())) if "reference" in reference else next(iter(reference)),
)
async def test_what_is_not_ours_is_kept_as_it_was_sent(client, reference):
    sent = organization(extension=[{"url": "urn:x", "valueReference": reference}])
    assert (await create(client, sent))["extension"] == sent["extension"]


async def test_what_is_contained_is_kept(client):
    sent = plan(
        by_number(nhs_number()),
        contained=[practitioner(id="in"), organization(id="place")],
        author={"reference": "#in"},
        contributor=[{"reference": "#place"}],
    )
    stored = await create(client, sent)
    assert (stored["contained"], stored["author"]) == (sent["contained"], sent["author"])


async def test_what_is_contained_must_be_there(client):
    response = await client.post("/CarePlan", json=plan(by_number(nhs_number()), author={"reference": "#absent"}))
    assert response.status_code == 422
    assert issue(response)["expression"][0].startswith("CarePlan.author")


async def test_a_reference_of_what_is_contained_is_held_to_it_too(client):
    role = {"resourceType": "PractitionerRole", "id": "r", "organization": {"reference": "Organization/nowhere"}}
    sent = plan(by_number(nhs_number()), contained=[role], author={"reference": "#r"})
    assert expressions(await client.post("/CarePlan", json=sent)) == ["CarePlan.contained[0].organization"]


async def test_a_resource_may_refer_to_itself(client):
    assert (await put(client, organization(id="own", partOf={"reference": "Organization/own"}))).status_code == 201


async def test_a_supporter_of_another_patient_has_no_place_in_a_consent(client):
    mine = await create(client, supporter(by_number(nhs_number())))
    other = await create(client, supporter(by_number(nhs_number())))
    for sent in (
        consent(mine["patient"], name(mine), name(other)),
        consent(mine["patient"], name(mine), f"http://kith.test/FHIR/R4/{name(other)}"),
    ):
        response = await client.post("/Consent", json=sent)
        assert expressions(response) == ["Consent.provision.actor[1].reference"]
        assert issue(response)["code"] == "business-rule"
    by_stranger = consent(mine["patient"], performer=[to(other)])
    assert expressions(await client.post("/Consent", json=by_stranger)) == ["Consent.performer[0]"]


async def test_a_supporter_of_another_patient_deep_in_a_consent_is_found(client):
    mine = await create(client, supporter(by_number(nhs_number())))
    other = await create(client, supporter(by_number(nhs_number())))
    nested = consent(mine["patient"], name(mine))
    nested["provision"]["provision"] = [consent({}, name(other))["provision"]]
    response = await client.post("/Consent", json=nested)
    assert expressions(response) == ["Consent.provision.provision[0].actor[0].reference"]


async def test_strangers_are_refused_where_references_are_not_enforced(loose):
    mine = await create(loose, supporter(by_number(nhs_number())))
    other = await create(loose, supporter(by_number(nhs_number())))
    response = await loose.post("/Consent", json=consent(mine["patient"], name(other), "RelatedPerson/nobody"))
    assert expressions(response) == ["Consent.provision.actor[0].reference"]


async def test_a_supporter_stays_one_of_a_patient_who_was_replaced(client):
    old, new = await create(client, patient(nhs_number())), await create(client, patient(nhs_number()))
    person = await create(client, supporter(to(old)))
    await put(client, {**old, "link": [{"other": to(new), "type": "replaced-by"}]})
    await create(client, consent(to(new), name(person)))
    await create(client, consent(to(old), name(person)))


async def test_the_strangers_and_the_missing_are_told_apart(client):
    mine = await create(client, supporter(by_number(nhs_number())))
    other = await create(client, supporter(by_number(nhs_number())))
    response = await client.post("/Consent", json=consent(mine["patient"], name(other), "RelatedPerson/nobody"))
    assert {each["expression"][0]: each["code"] for each in issues(response)} == {
        "Consent.provision.actor[0].reference": "business-rule",
        "Consent.provision.actor[1].reference": "not-found",
    }


async def test_who_is_no_stranger_is_not_called_one(client):
    mother = await create(client, supporter(by_number(nhs_number())))
    link = [{"other": to(mother), "type": "seealso"}]
    await create(client, patient(nhs_number(), link=link))
    sent = patient(nhs_number(), link=link, managingOrganization={"reference": "Organization/none"})
    assert expressions(await client.post("/Patient", json=sent)) == ["Patient.managingOrganization"]


@pytest.mark.parametrize(("build", "element"), [(plan, "contributor"), (plan, "author")])
async def test_a_supporter_of_another_patient_has_no_place_in_a_plan(client, build, element):
    other = await create(client, supporter(by_number(nhs_number())))
    many = element == "contributor"
    response = await client.post(
        "/CarePlan", json=build(by_number(nhs_number()), **{element: [to(other)] if many else to(other)})
    )
    assert expressions(response) == [f"CarePlan.{element}{'[0]' if many else ''}"]


async def test_the_same_wrong_reference_twice_is_named_where_it_stands(client):
    twice = plan(
        by_number(nhs_number()),
        author={"reference": "Practitioner/none"},
        contributor=[{"reference": "Practitioner/none"}],
    )
    named = expressions(await client.post("/CarePlan", json=twice))
    assert "CarePlan.author" in named or "CarePlan.contributor[0]" in named


async def test_a_team_names_only_supporters_of_its_patient(client):
    mine = await create(client, supporter(by_number(nhs_number())))
    other = await create(client, supporter(by_number(nhs_number())))
    await create(client, team(mine["patient"], name(mine)))
    response = await client.post("/CareTeam", json=team(mine["patient"], name(mine), name(other)))
    assert expressions(response) == ["CareTeam.participant[1].member"]
