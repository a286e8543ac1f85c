"""An override takes the privilege, must be complete, and opens its review."""

from app.fhir.canonical import BASE
from tests.conftest import running
from tests.record.examples import (
    consent,
    create,
    found,
    issue,
    issues,
    name,
    practitioner,
    put,
    to,
)
from tests.record.protecting import MARK, PROXY, coded, days, lacking, override


async def test_an_override_takes_the_privilege(client, anna, rob, nurse):
    response = await client.post("/Consent", json=override(to(anna), rob, nurse))
    assert response.status_code == 403
    assert await found(client, f"/Consent?patient={anna['id']}") == set()
    assert await found(client, f"/Task?patient={anna['id']}") == set()


async def test_an_override_opens_its_review(privileged, anna, rob, nurse):
    stored = await create(privileged, override(to(anna), rob, nurse))
    (id_,) = await found(privileged, f"/Task?patient={anna['id']}&focus={name(stored)}")
    task = (await privileged.get(f"/Task/{id_}")).json()
    assert (task["status"], task["priority"], task["requester"]) == ("requested", "urgent", to(nurse))
    ended = await put(privileged, {**stored, "status": "inactive"})
    assert ended.status_code == 200
    assert await found(privileged, f"/Task?focus={name(stored)}") == {id_}


async def test_an_override_that_is_activated_later_takes_the_privilege_too(client, privileged, anna, rob, nurse):
    draft = await create(client, override(to(anna), rob, nurse, status="draft"))
    assert (await put(client, {**draft, "status": "active"})).status_code == 403
    assert (await put(privileged, {**draft, "status": "active"})).status_code == 200
    assert len(await found(client, f"/Task?focus={name(draft)}")) == 1


async def test_an_override_takes_the_privilege_where_consents_need_not_be_computable(
    module_database_url, anna, rob, nurse
):
    async with running(module_database_url, computable_consents=False) as lax:
        assert (await lax.post("/Consent", json=override(to(anna), rob, nurse))).status_code == 403


async def test_an_override_that_need_not_be_complete_opens_its_review_too(module_database_url, anna, rob):
    async with running(module_database_url, computable_consents=False, development_privileges=True) as lax:
        bare = override(to(anna), rob)
        stored = await create(lax, {key: value for key, value in bare.items() if key != "performer"})
        assert len(await found(lax, f"/Task?focus={name(stored)}")) == 1


async def test_who_decides_in_the_patients_interest_is_known_here(client, anna, rob, nurse):
    basis = {"policyRule": coded(PROXY, "best-interest"), "modifierExtension": [MARK], "dateTime": days(0)}
    body = consent(to(anna), name(rob), performer=[to(nurse)], **basis)
    body["provision"] |= {
        "period": {"end": days(20)},
        "code": [coded(f"{BASE}/CodeSystem/sharing-scope", "care-plan")],
    }
    await create(client, body)
    elsewhere = {"type": "Practitioner", "identifier": {"system": "urn:x", "value": "1"}}
    response = await client.post("/Consent", json={**body, "performer": [elsewhere]})
    assert (response.status_code, issue(response)["expression"]) == (422, ["Consent.performer"])


async def test_an_incomplete_override_is_refused_with_all_it_lacks(privileged, anna, rob, nurse):
    bare = {key: value for key, value in override(to(anna), rob, nurse).items() if key != "extension"}
    response = await privileged.post("/Consent", json=bare)
    assert response.status_code == 422
    assert len(issues(response)) == 3


async def test_against_a_refusal_for_the_patients_own_sake_two_people_decide(privileged, anna, rob, nurse):
    refusal = consent(to(anna), name(rob))
    refusal["provision"]["type"] = "deny"
    await create(privileged, refusal)
    alone = override(to(anna), rob, nurse, reason="risk-to-self")
    response = await privileged.post("/Consent", json=alone)
    assert (response.status_code, issue(response)["expression"]) == (422, ["Consent.performer"])
    same = {"resourceType": "PractitionerRole", "practitioner": to(nurse)}
    role_ = await create(privileged, same)
    twice = override(to(anna), rob, nurse, role_, reason="risk-to-self")
    assert (await privileged.post("/Consent", json=twice)).status_code == 422
    senior = await create(privileged, practitioner())
    await create(privileged, override(to(anna), rob, nurse, senior, reason="risk-to-self"))


async def test_against_a_refusal_one_is_enough_while_capacity_is_lacking(privileged, anna, rob, nurse):
    refusal = consent(to(anna), name(rob))
    refusal["provision"]["type"] = "deny"
    await create(privileged, refusal)
    await create(privileged, lacking(to(anna), nurse))
    await create(privileged, override(to(anna), rob, nurse, reason="risk-to-self"))
