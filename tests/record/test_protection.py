"""Taking protection away is privileged: restrictions, capacity, refusals."""

import pytest

from app.fhir.canonical import BASE, FLAG_DETAIL
from tests.conftest import running
from tests.record.examples import (
    consent,
    create,
    issue,
    name,
    nhs_number,
    put,
    supporter,
    to,
)
from tests.record.protecting import LACKING, REASON, coded, days, lacking, own, refused_then_done, restriction


async def test_to_end_a_restriction_takes_the_privilege_and_a_reason(client, privileged, anna, rob):
    flag = await create(client, restriction(to(anna), rob))
    await refused_then_done(client, privileged, {**flag, "status": "inactive"})


@pytest.mark.parametrize("status", ["inactive", "entered-in-error"])
async def test_a_restriction_is_not_ended_without_the_privilege(client, anna, rob, status):
    flag = await create(client, restriction(to(anna), rob))
    response = await put(client, {**flag, "status": status, "extension": [*flag["extension"], REASON]})
    assert response.status_code == 403
    assert (await client.get(f"/{name(flag)}")).json()["status"] == "active"


@pytest.mark.parametrize(
    "change",
    [
        {"period": {"start": days(-10), "end": days(5)}},
        {"period": {"start": days(5)}},
        {"code": coded(f"{BASE}/CodeSystem/contact-restriction", "listen-only")},
        {"code": {"text": "a note"}},
        {"code": coded(f"{BASE}/CodeSystem/contact-restriction", LACKING)},
    ],
)
async def test_a_restriction_is_not_narrowed_without_the_privilege(client, privileged, anna, rob, nurse, change):
    flag = await create(client, restriction(to(anna), rob))
    await refused_then_done(client, privileged, flag | change | {"author": to(nurse)})


async def test_a_restriction_does_not_lose_one_of_its_people_without_the_privilege(client, privileged, anna, rob, sue):
    flag = await create(client, restriction(to(anna), rob, sue))
    await refused_then_done(client, privileged, {**flag, "extension": flag["extension"][:1]})


async def test_a_restriction_may_be_widened_by_anybody(client, anna, rob, sue):
    flag = await create(client, restriction(to(anna), rob, code="listen-only", period={"start": days(1)}))
    wider = restriction(to(anna), rob, sue, period={"start": days(-1)}, id=flag["id"])
    assert (await put(client, wider)).status_code == 200


async def test_a_restriction_that_is_over_may_be_tidied_by_anybody(client, anna, rob):
    flag = await create(client, restriction(to(anna), rob, period={"start": days(-10), "end": days(-5)}))
    assert (await put(client, {**flag, "status": "inactive"})).status_code == 200


async def test_what_is_ended_already_may_be_changed_by_anybody(client, privileged, anna, rob):
    flag = await create(client, restriction(to(anna), rob))
    ended = {**flag, "status": "inactive", "extension": [*flag["extension"], REASON]}
    ended = (await put(privileged, ended)).json()
    assert (await put(client, {**ended, "code": {"text": "x"}})).status_code == 200


async def test_a_restriction_is_never_deleted(client, privileged, anna, rob):
    flag = await create(client, restriction(to(anna), rob))
    assert (await privileged.delete(f"/{name(flag)}")).status_code == 409
    await put(privileged, {**flag, "status": "entered-in-error", "extension": [*flag["extension"], REASON]})
    response = await privileged.delete(f"/{name(flag)}")
    assert response.status_code == 409
    assert "inactive" in issue(response)["diagnostics"]


async def test_a_flag_that_protects_nobody_may_be_deleted(client, anna):
    flag = await create(client, restriction(to(anna)) | {"extension": [REASON], "code": {"text": "Big dog"}})
    assert (await client.delete(f"/{name(flag)}")).status_code == 204


async def test_a_supporter_whom_a_restriction_names_is_not_deleted(client, anna, rob):
    await create(client, restriction(to(anna), rob))
    response = await client.delete(f"/{name(rob)}")
    assert response.status_code == 409
    assert "Flag/" in issue(response)["diagnostics"]


async def test_a_restriction_may_name_its_supporter_by_identifier(client, anna):
    number = nhs_number()
    identifier = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number}
    person = await create(client, supporter(to(anna), identifier=[identifier]))
    detail = {"url": FLAG_DETAIL, "valueReference": {"type": "RelatedPerson", "identifier": identifier}}
    await create(client, restriction(to(anna), extension=[detail]))
    assert (await client.delete(f"/{name(person)}")).status_code == 409


@pytest.mark.parametrize("enforced", [True, False])
async def test_a_restriction_that_finds_nobody_is_refused(module_database_url, client, anna, rob, enforced):
    lost = {"type": "RelatedPerson", "identifier": {"system": "urn:x", "value": "nobody"}}
    details = [{"url": FLAG_DETAIL, "valueReference": each} for each in (to(rob), lost)]
    async with running(module_database_url, referential_integrity=enforced, computable_consents=enforced) as service:
        response = await service.post("/Flag", json=restriction(to(anna), extension=details))
        assert response.status_code == 422
        assert issue(response)["expression"] == ["Flag.extension[1].value"]
        response = await service.post("/Flag", json=restriction(to(anna), extension=details[1:]))
        assert response.status_code == 422
        gone = {"url": FLAG_DETAIL, "valueReference": {"reference": "RelatedPerson/nobody"}}
        assert (await service.post("/Flag", json=restriction(to(anna), extension=[gone]))).status_code == 422


# Capacity


async def test_capacity_that_is_back_ends_the_flag_without_a_privilege(client, anna, nurse):
    flag = await create(client, lacking(to(anna), nurse))
    response = await put(client, {**flag, "status": "inactive"})
    assert (response.status_code, issue(response)["expression"]) == (422, ["Flag.period.end"])
    ended = {**flag, "status": "inactive", "period": {"start": days(-10), "end": days(0)}}
    assert (await put(client, ended)).status_code == 200


async def test_lacking_capacity_is_not_unsaid_without_the_privilege(client, privileged, anna, nurse):
    confirmed = own("capacity-confirmed", valueDateTime=days(-2))
    flag = await create(client, lacking(to(anna), nurse, confirmed))
    for change in (
        {"status": "inactive", "period": {"start": days(-10), "end": days(-3)}},
        {"status": "entered-in-error"},
        {"period": {"start": days(-1)}},
        {"code": {"text": "a note"}},
    ):
        assert (await put(client, flag | change)).status_code == 403, change
    await refused_then_done(client, privileged, {**flag, "status": "entered-in-error"})


# Refusals


async def test_a_refusal_is_not_marked_as_an_error_without_the_privilege(client, privileged, anna, rob):
    refusal = consent(to(anna), name(rob))
    refusal["provision"]["type"] = "deny"
    stored = await create(client, refusal)
    await refused_then_done(client, privileged, {**stored, "status": "entered-in-error"})


async def test_a_refusal_within_a_permit_is_not_marked_as_an_error_without_the_privilege(client, anna, rob):
    permit = consent(to(anna), name(rob))
    permit["provision"]["provision"] = [{"type": "deny"}]
    stored = await create(client, permit)
    withdrawn = (await put(client, {**stored, "status": "inactive"})).json()
    assert (await put(client, {**withdrawn, "status": "entered-in-error"})).status_code == 403


@pytest.mark.parametrize("status", ["active", "draft", "proposed"])
async def test_a_permit_or_a_draft_may_be_marked_as_an_error_by_anybody(client, anna, rob, status):
    stored = consent(to(anna), name(rob), status=status)
    stored["provision"]["type"] = "permit" if status == "active" else "deny"
    stored = await create(client, stored)
    assert (await put(client, {**stored, "status": "entered-in-error"})).status_code == 200
