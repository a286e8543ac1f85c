"""$validate: https://hl7.org/fhir/R4/resource-operation-validate.html"""

import asyncio
from typing import Any

import pytest

from app.fhir.published.profiles import PROFILES
from tests.audited import settled
from tests.callers import acting, granted
from tests.conftest import running
from tests.record.examples import (
    by_number,
    consent,
    create,
    issue,
    issues,
    name,
    nhs_number,
    patient,
    plan,
    practitioner,
    supporter,
)
from tests.record.examples import put as update

OK = "All OK: nothing was found, and nothing was stored."


def parameters(resource: Any = None, **given: str) -> dict[str, Any]:
    parts = [{"name": "resource", "resource": resource}] if resource is not None else []
    carriers = {"mode": "valueCode", "profile": "valueUri"}
    parts += [{"name": key, carriers[key]: value} for key, value in given.items()]
    return {"resourceType": "Parameters", "parameter": parts}


async def validated(client, path, body, **query):
    response = await client.post(f"/{path}/$validate", json=body, params=query)
    assert response.status_code == 200, response.text
    return response


async def total(client, type_):
    return (await client.get(f"/{type_}/_history?_count=0")).json()["total"]


async def test_a_sound_resource_is_said_to_be_ok_and_not_stored(client):
    before = await total(client, "Practitioner")
    for body in (practitioner(), parameters(practitioner()), parameters(practitioner(), mode="create")):
        found = issue(await validated(client, "Practitioner", body))
        assert (found["severity"], found["diagnostics"]) == ("information", OK)
    assert await total(client, "Practitioner") == before


async def test_everything_that_is_wrong_is_told_at_once(client):
    body = practitioner(gender="sometimes", active="yes")
    for asked in (body, parameters(body), parameters(body, mode="create")):
        found = issues(await validated(client, "Practitioner", asked))
        assert {each["expression"][0] for each in found} == {"Practitioner.gender", "Practitioner.active"}


async def test_the_mode_may_stand_in_the_url(client):
    body = plan(by_number(nhs_number()), careTeam=[{"reference": "CareTeam/absent"}])
    assert issue(await validated(client, "CarePlan", body))["severity"] == "information"
    found = issue(await validated(client, "CarePlan", body, mode="create"))
    assert (found["severity"], found["code"]) == ("error", "not-found")


async def test_a_create_is_tried_with_all_that_it_would_do_and_undone(client):
    number = nhs_number()
    await validated(client, "CarePlan", plan(by_number(number)), mode="create")
    assert (await client.get(f"/Patient?identifier={number}")).json()["total"] == 0
    await create(client, patient(number))
    found = issue(await validated(client, "Patient", patient(number), mode="create"))
    assert (found["severity"], found["code"]) == ("error", "duplicate")


async def test_an_update_is_judged_by_what_stands(client):
    stored = await create(client, supporter(by_number(nhs_number())))
    moved = {**stored, "patient": by_number(nhs_number())}
    for path, body in (
        (name(stored), parameters(moved, mode="update")),
        ("RelatedPerson", parameters(moved, mode="update")),
    ):
        assert "cannot be moved" in issue(await validated(client, path, body))["diagnostics"]
    assert (await client.get(f"/{name(stored)}")).json() == stored
    assert issue(await validated(client, name(stored), {**stored, "active": True}, mode="update"))["diagnostics"] == OK
    assert (await client.get(f"/{name(stored)}/_history")).json()["total"] == 1


async def test_an_update_of_another_id_is_refused(client):
    stored = await create(client, practitioner())
    found = issue(await validated(client, name(stored), practitioner(id="other"), mode="update"))
    assert found["expression"] == ["Practitioner.id"]


async def test_where_if_match_is_required_a_trial_does_not_need_it(module_database_url):
    async with running(module_database_url, require_if_match=True) as client:
        stored = await create(client, practitioner())
        assert issue(await validated(client, name(stored), stored, mode="update"))["diagnostics"] == OK
        assert issue(await validated(client, name(stored), parameters(mode="delete")))["diagnostics"] == OK


async def test_a_delete_tells_what_it_would_be_refused_for(client):
    of = await create(client, patient(nhs_number()))
    plan_ = await create(client, plan({"reference": name(of)}))
    found = issue(await validated(client, name(of), parameters(mode="delete")))
    assert name(plan_) in found["diagnostics"]
    assert issue(await validated(client, name(plan_), parameters(mode="delete")))["diagnostics"] == OK
    assert (await client.get(f"/{name(plan_)}")).status_code == 200
    absent = issue(await validated(client, "CarePlan/absent", parameters(mode="delete")))
    assert (absent["severity"], absent["code"]) == ("error", "not-found")


async def test_a_stored_resource_is_looked_at_by_get_and_by_post(client):
    stored = await create(client, practitioner())
    for response in (
        await client.get(f"/{name(stored)}/$validate"),
        await client.post(
            f"/{name(stored)}/$validate",
            json=parameters(profile="http://hl7.org/fhir/StructureDefinition/Practitioner"),
        ),
    ):
        assert issue(response)["diagnostics"] == OK
    assert (await client.get("/Practitioner/absent/$validate")).status_code == 404
    await client.delete(f"/{name(stored)}")
    assert (await client.get(f"/{name(stored)}/$validate")).status_code == 410


async def test_a_profile_of_the_product_is_checked(client):
    whole = consent(by_number(nhs_number()), status="draft")
    bare = {key: value for key, value in whole.items() if key not in ("dateTime", "provision")}
    found = issues(await validated(client, "Consent", bare, profile=PROFILES["Consent"]))
    assert {each["expression"][0] for each in found} == {"Consent.dateTime", "Consent.provision"}
    untyped = issues(
        await validated(
            client,
            "Consent",
            {**whole, "provision": {}} | {"provision": {"id": "x", "purpose": [{"code": "x"}]}},
            profile=PROFILES["Consent"],
        )
    )
    assert "Consent.provision.type" in {each["expression"][0] for each in untyped}
    assert issue(await validated(client, "Consent", whole, profile=PROFILES["Consent"]))["diagnostics"] == OK


async def test_the_profile_of_another_type_is_no_fit(client):
    found = issue(await validated(client, "Practitioner", practitioner(), profile=PROFILES["Flag"]))
    assert "Flag" in found["diagnostics"]


@pytest.mark.parametrize("profile", ["https://example.org/unknown", f"{PROFILES['Consent']}|99.0", "x"])
async def test_a_profile_that_is_not_known_is_named_as_such(client, profile):
    whole = consent(by_number(nhs_number()), status="draft")
    found = issue(await validated(client, "Consent", parameters(whole, profile=profile)))
    assert (found["severity"], found["code"]) == ("error", "not-found")
    assert PROFILES["Consent"] in found["diagnostics"]


async def test_the_mode_profile_looks_at_what_is_stored(client):
    stored = await create(client, consent(by_number(nhs_number()), status="draft"))
    asked = parameters(mode="profile", profile=PROFILES["Consent"])
    assert issue(await validated(client, name(stored), asked))["diagnostics"] == OK


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("Practitioner", {}),
        ("Practitioner", parameters()),
        ("Practitioner", parameters(mode="create")),
        ("Practitioner", parameters(practitioner(), mode="invent")),
        ("Practitioner", parameters(practitioner(), mode="delete")),
        ("Practitioner", parameters(practitioner(), mode="profile")),
        ("Practitioner/x", parameters(practitioner(), mode="profile", profile=PROFILES["Flag"])),
        ("Practitioner/x", parameters(mode="profile")),
        ("Practitioner", {"resourceType": "Parameters"}),
        ("Practitioner", {"resourceType": "Parameters", "parameter": {}}),
        ("Practitioner", {"resourceType": "Parameters", "parameter": [None]}),
        ("Practitioner", {"resourceType": "Parameters", "parameter": [{"name": "resource"}]}),
        ("Practitioner", {"resourceType": "Parameters", "parameter": [{"name": "other", "valueString": "x"}]}),
        ("Practitioner", {"resourceType": "Parameters", "parameter": parameters(practitioner())["parameter"] * 2}),
    ],
)
async def test_a_question_that_cannot_be_understood_is_a_bad_request(client, path, body):
    response = await client.post(f"/{path}/$validate", json=body)
    if body == {}:  # a resource without a type is an answer, not a question
        assert issue(response)["severity"] == "error"
        return
    assert response.status_code == 400, response.text
    assert issues(response)


@pytest.mark.parametrize("resource", [None, 1, [], "x", {}, {"resourceType": "Patient"}, {"resourceType": 1}])
async def test_whatever_is_sent_as_a_resource_is_answered(client, resource):
    body = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": resource}]}
    for query in ({}, {"mode": "create"}, {"mode": "update"}, {"profile": PROFILES["Consent"]}):
        response = await client.post("/Practitioner/$validate", json=body, params=query)
        assert response.status_code in (200, 400)
        assert all(each["severity"] == "error" for each in issues(response))


async def test_a_trial_takes_the_scope_of_what_it_tries(client):
    stored = await create(client, practitioner())
    reader = acting(client, granted("system/Practitioner.r", sees=("",)))
    assert (await reader.get(f"/{name(stored)}/$validate")).status_code == 200
    assert (await reader.post("/Practitioner/$validate", json=practitioner())).status_code == 200
    for mode in ("create", "update"):
        body = parameters(stored, mode=mode)
        assert (await reader.post(f"/{name(stored)}/$validate", json=body)).status_code == 403
    assert (await reader.post(f"/{name(stored)}/$validate", json=parameters(mode="delete"))).status_code == 403
    nobody = acting(client, granted("system/Patient.cruds", sees=("",)))
    assert (await nobody.get(f"/{name(stored)}/$validate")).status_code == 403


async def test_a_validation_is_on_record_and_a_trial_leaves_nothing_else_there(client):
    stored = await create(client, practitioner())
    await validated(client, name(stored), {**stored, "active": True}, mode="update")
    await settled(client)
    events = (await client.get(f"/AuditEvent?entity={name(stored)}")).json()["entry"]
    assert [each["resource"]["subtype"][0]["code"] for each in events] == ["operation", "create"]


async def test_trials_at_once_with_writes_leave_the_writes_alone(client):
    stored = await create(client, practitioner())
    trials = [client.post(f"/{name(stored)}/$validate?mode=update", json={**stored, "active": False}) for _ in range(8)]
    writes = [update(client, {**stored, "identifier": [{"value": f"{index}"}]}) for index in range(8)]
    responses = await asyncio.gather(*trials, *writes)
    assert {response.status_code for response in responses} == {200}
    history = (await client.get(f"/{name(stored)}/_history?_count=50")).json()
    assert history["total"] == 9
    assert all("active" not in entry["resource"] for entry in history["entry"])
