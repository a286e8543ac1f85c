"""Taking protection away is privileged, and what a decision rests on must be there when it is written."""

from datetime import UTC, datetime, timedelta

import pytest

from app.fhir.canonical import BASE, FLAG_DETAIL
from tests.conftest import running
from tests.record.examples import (
    by_number,
    consent,
    create,
    found,
    issue,
    issues,
    name,
    nhs_number,
    patient,
    practitioner,
    put,
    supporter,
    to,
)

NOW = datetime.now(UTC).replace(microsecond=0)
MARK = {"url": f"{BASE}/StructureDefinition/not-the-patients-decision", "valueBoolean": True}
PROXY = "https://fhir.nhs.uk/England/CodeSystem/England-NHSProxyLegalBasis"
ATTORNEY = "health-and-welfare-lasting-power-of-attorney"
LACKING = "lacks-capacity-information-sharing"


def days(count):
    return (NOW + timedelta(days=count)).isoformat()


def own(name_, **value):
    return {"url": f"{BASE}/StructureDefinition/{name_}", **value}


def coded(system, code):
    return {"coding": [{"system": system, "code": code}]}


REASON = own("end-reason", valueString="She says that he has moved away.")


def restriction(of, *people, code="no-contact-safeguarding", **more):
    return {
        "resourceType": "Flag",
        "extension": [{"url": FLAG_DETAIL, "valueReference": to(person)} for person in people],
        "status": "active",
        "category": [coded("http://terminology.hl7.org/CodeSystem/flag-category", "safety")],
        "code": coded(f"{BASE}/CodeSystem/contact-restriction", code),
        "subject": of,
        "period": {"start": days(-10)},
        **more,
    }


def lacking(of, author, *extensions, **more):
    body = restriction(of, code=LACKING, author=to(author), **more)
    rest = {key: value for key, value in body.items() if key not in ("extension", "category")}
    return rest | ({"extension": list(extensions)} if extensions else {})


def role(code, **extensions):
    concept = coded(f"{BASE}/CodeSystem/carer-role", code)
    found = [own(key.replace("_", "-"), **value) for key, value in extensions.items()]
    return concept | ({"extension": found} if found else {})


def attorney(**changed):
    complete = {"role_verified": {"valueBoolean": True}, "role_period": {"valuePeriod": {"start": "2020-01-01"}}}
    return role("lpa-health-welfare", **{key: value for key, value in (complete | changed).items() if value})


def decided_by(of, holder, code=ATTORNEY, **more):
    marked = {"performer": [to(holder)], "modifierExtension": [MARK], "policyRule": coded(PROXY, code)}
    return consent(of, name(holder), **marked, **more)


def override(of, person, *performers, reason="risk-to-others", **more):
    extension = [
        own("override-reason", valueCode=reason),
        own("override-justification", valueString="A threat was made today."),
        own("override-capacity-view", valueCode="in-doubt"),
    ]
    body = consent(
        of,
        name(person),
        dateTime=days(0),
        extension=extension,
        modifierExtension=[MARK],
        performer=[to(one) for one in performers],
        policyRule=coded(f"{BASE}/CodeSystem/legal-basis", "safety-override"),
        **more,
    )
    body["provision"]["period"] = {"start": days(0), "end": days(2)}
    body["provision"]["code"] = [coded(f"{BASE}/CodeSystem/sharing-scope", "risk-to-self")]
    return body


@pytest.fixture(scope="module")
async def privileged(module_database_url):
    """A client of a service on which anybody may end restrictions."""
    async with running(module_database_url, development_privileges=True) as connected:
        yield connected


@pytest.fixture
async def anna(client):
    return await create(client, patient(nhs_number(), birthDate="1980-05-05"))


@pytest.fixture
async def rob(client, anna):
    return await create(client, supporter(to(anna), name=[{"family": "Dunnock", "given": ["Rob"]}]))


@pytest.fixture
async def sue(client, anna):
    return await create(client, supporter(to(anna), name=[{"family": "Clarke", "given": ["Sue"]}]))


@pytest.fixture
async def nurse(client):
    return await create(client, practitioner())


async def refused_then_done(client, privileged, resource):
    """403 without the privilege, 422 with it and without a reason, 200 with both."""
    response = await put(client, resource)
    assert response.status_code == 403, response.text
    assert "kith/restrictions" in issue(response)["diagnostics"]
    response = await put(privileged, resource)
    assert response.status_code == 422, response.text
    assert "end-reason" in issue(response)["diagnostics"]
    assert (await client.get(f"/{name(resource)}")).json()["meta"]["versionId"] == resource["meta"]["versionId"]
    response = await put(privileged, {**resource, "extension": [*resource.get("extension", ()), REASON]})
    assert response.status_code == 200, response.text


# Contact restrictions


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


# Who is who


@pytest.fixture
async def restricted(client, anna, rob):
    await create(client, restriction(to(anna), rob))
    return rob


@pytest.fixture(params=["restricted", "refused"])
async def kept_away(client, anna, rob, request):
    refusal = consent(to(anna), name(rob))
    refusal["provision"]["type"] = "deny"
    await create(client, refusal if request.param == "refused" else restriction(to(anna), rob))
    return rob


CHANGES = [
    {"name": [{"family": "Dunnock", "given": ["Robert"]}]},
    {"birthDate": "1980-01-01"},
    {"identifier": [{"system": "urn:x", "value": "1"}]},
]


@pytest.mark.parametrize("change", CHANGES)
async def test_somebody_restricted_or_refused_is_not_made_another_without_the_privilege(
    client, privileged, kept_away, change
):
    await refused_then_done(client, privileged, kept_away | change)


async def test_one_who_may_be_the_restricted_person_is_not_made_another_either(client, privileged, anna, restricted):
    again = await create(client, supporter(to(anna), name=[{"family": "DUNNOCK", "given": ["Rób", "J"]}]))
    await refused_then_done(client, privileged, again | {"name": [{"family": "Smith"}]})


async def test_a_link_to_the_restricted_person_is_not_taken_away_without_the_privilege(
    client, privileged, anna, restricted
):
    link = own("same-person", valueReference=to(restricted))
    other = await create(client, supporter(to(anna), name=[{"family": "Smith"}], extension=[link]))
    rest = {key: value for key, value in other.items() if key != "extension"}
    await refused_then_done(client, privileged, rest)


async def test_other_things_about_the_restricted_person_may_be_changed_by_anybody(client, restricted):
    changed = {**restricted, "active": False, "telecom": [{"system": "phone", "value": "07700 900001"}]}
    assert (await put(client, changed)).status_code == 200


@pytest.mark.parametrize("change", CHANGES)
async def test_anybody_else_may_be_renamed(client, anna, restricted, sue, change):
    assert (await put(client, sue | change)).status_code == 200


async def test_to_say_that_two_people_differ_takes_the_privilege(client, privileged, anna, sue, rob):
    differs = own("different-person", valueReference=to(rob))
    response = await client.post("/RelatedPerson", json=supporter(to(anna), extension=[differs]))
    assert response.status_code == 403
    await refused_then_done(client, privileged, {**sue, "extension": [differs]})


async def test_what_was_said_of_two_people_once_need_not_be_said_again(client, privileged, sue, rob):
    differs = own("different-person", valueReference=to(rob))
    said = (await put(privileged, {**sue, "extension": [differs, REASON]})).json()
    assert (await put(client, {**said, "active": False})).status_code == 200


async def test_a_supporter_who_may_be_somebody_restricted_or_refused_comes_with_a_warning(client, anna, kept_away):
    person = supporter(to(anna), name=[{"family": "Dunnock", "given": ["Rob"]}])
    response = await client.post("/RelatedPerson", json=person)
    assert response.status_code == 201
    assert "same-person" in response.headers["Warning"]
    assert "Dunnock" not in response.headers["Warning"]
    response = await put(client, response.json())
    assert "same-person" in response.headers["Warning"]


async def test_a_supporter_of_another_name_or_birth_date_comes_without(client, privileged, anna, rob):
    reborn = {**rob, "birthDate": "1970-01-01"}
    await put(client, reborn)
    await create(client, restriction(to(anna), rob))
    for person in (
        supporter(to(anna), name=[{"family": "Dunnock", "given": ["Tom"]}]),
        supporter(to(anna), name=[{"family": "Dunnock", "given": ["Rob"]}], birthDate="1990"),
        supporter(by_number(nhs_number()), name=[{"family": "Dunnock", "given": ["Rob"]}]),
    ):
        response = await client.post("/RelatedPerson", json=person)
        assert (response.status_code, response.headers.get("Warning")) == (201, None)


# Evidence that the rest of the record gives


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


# Overrides


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
