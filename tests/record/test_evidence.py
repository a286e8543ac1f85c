"""What a decision rests on must be there when it is written."""

import pytest

from app.fhir.canonical import BASE
from tests.conftest import running
from tests.record.examples import (
    by_number,
    consent,
    create,
    issue,
    name,
    nhs_number,
    patient,
    supporter,
    to,
)
from tests.record.protecting import NOW, attorney, coded, days, decided_by, lacking, role


async def test_an_attorney_decides_with_a_verified_role(client, anna):
    holder = await create(client, supporter(to(anna), relationship=[attorney()]))
    await create(client, decided_by(to(anna), holder))


@pytest.mark.parametrize(
    "held",
    [
        role("lpa-property-finance", role_verified={"valueBoolean": True}),
        attorney(role_verified=None),
        attorney(role_verified={"valueBoolean": False}),
        attorney(role_period=None),
        attorney(role_period={"valuePeriod": {"start": "2026-01-06"}}),
        attorney(role_period={"valuePeriod": {"start": "2020-01-01", "end": days(-1)}}),
    ],
)
async def test_an_attorney_without_the_role_is_refused(client, anna, held):
    holder = await create(client, supporter(to(anna), relationship=[held]))
    response = await client.post("/Consent", json=decided_by(to(anna), holder))
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Consent.performer"]
    assert "role-verified" in issue(response)["diagnostics"]
    refusal = decided_by(to(anna), holder)
    refusal["provision"]["type"] = "deny"
    await create(client, refusal)


async def test_without_computable_consents_evidence_is_left_to_the_decision(module_database_url, client, anna, sue):
    async with running(module_database_url, computable_consents=False) as lax:
        await create(lax, decided_by(to(anna), sue))


async def test_a_parent_decides_for_a_child_and_for_nobody_older(client):
    parent = role("parental-responsibility")
    for born, status in ((f"{NOW.year - 10}-01-01", 201), ("1980-05-05", 422)):
        child = await create(client, patient(nhs_number(), birthDate=born))
        mother = await create(client, supporter(to(child), relationship=[parent]))
        response = await client.post("/Consent", json=decided_by(to(child), mother, "parental-responsibility"))
        assert response.status_code == status, response.text


async def test_an_advance_statement_is_made_with_capacity(client, anna, rob, nurse):
    await create(client, lacking(to(anna), nurse, period={"start": "2026-01-01"}))
    basis = coded(f"{BASE}/CodeSystem/legal-basis", "advance-statement")
    before = consent(to(anna), name(rob), policyRule=basis, dateTime="2025-12-01")
    await create(client, before)
    response = await client.post("/Consent", json={**before, "dateTime": "2026-01-05T10:00:00Z"})
    assert (response.status_code, issue(response)["expression"]) == (422, ["Consent.dateTime"])


async def test_nobody_but_the_patient_decides_as_the_patient(client, anna, rob):
    number = anna["identifier"][0]["value"]
    other = await create(client, patient(nhs_number()))
    await create(client, consent(by_number(number), name(rob), performer=[to(anna)]))
    response = await client.post("/Consent", json=consent(to(anna), name(rob), performer=[to(other)]))
    assert (response.status_code, issue(response)["expression"]) == (422, ["Consent.performer"])
