"""A copy of a plan is stored as what happened, with a warning when its reader was not to have it then."""

from typing import Any

import httpx
import pytest

from app.fhir.canonical import BASE
from app.fhir.own_codes import concept
from app.fhir.vocabulary.contacts import COMMUNICATION_CATEGORY
from app.fhir.vocabulary.media import PARTICIPATION_MODE
from app.fhir.vocabulary.plans import CARE_PLAN_CATEGORY
from tests.record.examples import Resource, consent, create, name, patient, plan, put, supporter, to
from tests.record.test_contacts import restriction

SNOMED_CRISIS_PLAN = {"coding": [{"system": "http://snomed.info/sct", "code": "736253002"}]}


def copy(of: Resource, plan_: Resource, *people: Resource, **more: Any) -> Resource:
    return {
        "resourceType": "Communication",
        "status": "completed",
        "category": [concept(COMMUNICATION_CATEGORY, "plan-copy")],
        "medium": [{"coding": [{"system": PARTICIPATION_MODE, "code": "MAILWRIT"}]}],
        "subject": to(of),
        "sent": "2026-03-02T10:00:00Z",
        "about": [to(plan_)],
        "recipient": [to(person) for person in people],
        **more,
    }


def permits(of: Resource, person: Resource, *scopes: str, **more: Any) -> Resource:
    written = consent(to(of), name(person), **more)
    codes = [{"coding": [{"system": f"{BASE}/CodeSystem/sharing-scope", "code": scope}]} for scope in scopes]
    return written | {"provision": written["provision"] | {"code": codes}}


async def plan_of(client: httpx.AsyncClient, of: Resource, category: Any) -> Resource:
    kind = concept(CARE_PLAN_CATEGORY, category) if isinstance(category, str) else category
    return await create(client, plan(to(of), category=[kind]))


async def warned(client: httpx.AsyncClient, body: Resource) -> str:
    answer = await client.post("/Communication", json=body)
    assert answer.status_code == 201, answer.text
    return answer.headers.get("warning", "")


@pytest.fixture
async def people(client: httpx.AsyncClient) -> tuple[Resource, Resource]:
    of = await create(client, patient(birthDate="1980-01-01"))
    return of, await create(client, supporter(to(of), birthDate="1970-01-01"))


@pytest.mark.parametrize(
    ("category", "scope"),
    [
        ("safety-plan", "safety-plan"),
        ("relapse-prevention", "relapse-signature"),
        ("crisis-home-treatment", "care-plan"),
        (SNOMED_CRISIS_PLAN, "safety-plan"),
    ],
)
async def test_a_copy_takes_permission_for_what_the_plan_is_about(
    client: httpx.AsyncClient, people: Any, category: Any, scope: str
) -> None:
    of, person = people
    given = copy(of, await plan_of(client, of, category), person)
    assert f"({scope}: no-consent-recorded)" in await warned(client, given)
    others = sorted({"safety-plan", "relapse-signature", "care-plan"} - {scope})
    await create(client, permits(of, person, *others))
    assert f"({scope}: not-covered)" in await warned(client, given)
    await create(client, permits(of, person, scope))
    assert await warned(client, given) == ""


async def test_permission_is_judged_as_at_the_time_of_the_copy(client: httpx.AsyncClient, people: Any) -> None:
    of, person = people
    safety = await plan_of(client, of, "safety-plan")
    await create(client, permits(of, person, "safety-plan", dateTime="2026-03-05T10:00:00Z"))
    assert "no-consent-recorded" in await warned(client, copy(of, safety, person))
    assert await warned(client, copy(of, safety, person, sent="2026-03-06T10:00:00Z")) == ""


async def test_each_reader_is_judged_alone(client: httpx.AsyncClient, people: Any) -> None:
    of, person = people
    friend = await create(client, supporter(to(of), birthDate="1970-01-01"))
    await create(client, permits(of, friend, "safety-plan"))
    said = await warned(client, copy(of, await plan_of(client, of, "safety-plan"), friend, person))
    assert "recipient[1]" in said
    assert "recipient[0]" not in said


async def test_what_may_be_told_by_word_of_mouth_alone_is_not_to_be_handed_over(
    client: httpx.AsyncClient, people: Any
) -> None:
    of, person = people
    written = permits(of, person, "safety-plan")
    modifier = [{"url": f"{BASE}/StructureDefinition/consent-condition", "valueCode": "verbal-only"}]
    await create(client, written | {"provision": written["provision"] | {"modifierExtension": modifier}})
    safety = await plan_of(client, of, "safety-plan")
    assert "(safety-plan: verbal-only)" in await warned(client, copy(of, safety, person))
    read_out = [{"coding": [{"system": PARTICIPATION_MODE, "code": "PHONE"}]}]
    assert await warned(client, copy(of, safety, person, medium=read_out)) == ""


async def test_under_a_restriction_a_copy_is_warned_of_once(client: httpx.AsyncClient, people: Any) -> None:
    of, person = people
    await create(client, permits(of, person, "safety-plan"))
    await create(client, restriction(of, person, "no-contact-safeguarding"))
    said = await warned(client, copy(of, await plan_of(client, of, "safety-plan"), person))
    assert said.count("contact-restricted") == 1


@pytest.mark.parametrize("status", ["preparation", "not-done", "entered-in-error"])
async def test_a_copy_that_was_not_given_is_not_warned_of(client: httpx.AsyncClient, people: Any, status: str) -> None:
    of, person = people
    assert await warned(client, copy(of, await plan_of(client, of, "safety-plan"), person, status=status)) == ""


async def test_a_plan_for_the_supporters_own_support_is_theirs(client: httpx.AsyncClient, people: Any) -> None:
    of, person = people
    assert await warned(client, copy(of, await plan_of(client, of, "carer-support"), person)) == ""


@pytest.mark.parametrize("about", [[], [{"display": "the plan on paper"}]])
async def test_a_copy_of_a_plan_that_is_not_here_is_one_of_the_care_plan(
    client: httpx.AsyncClient, people: Any, about: Any
) -> None:
    of, person = people
    body = copy(of, of, person) | {"about": about}
    said = await warned(client, {key: value for key, value in body.items() if value})
    assert "(care-plan: no-consent-recorded)" in said


async def test_a_plan_of_somebody_else_tells_nothing_of_itself(client: httpx.AsyncClient, people: Any) -> None:
    of, person = people
    stranger = await create(client, patient())
    theirs = await plan_of(client, stranger, "safety-plan")
    assert "(care-plan: no-consent-recorded)" in await warned(client, copy(of, theirs, person))


async def test_a_plan_and_its_copy_may_come_in_one_transaction(client: httpx.AsyncClient, people: Any) -> None:
    of, person = people
    safety = plan(to(of), category=[concept(CARE_PLAN_CATEGORY, "safety-plan")])
    urn = "urn:uuid:3f0a2b1c-8f57-4c60-9d0b-7d1f0f6a2b31"
    given = copy(of, of, person, about=[{"reference": urn}])
    entry = [
        {"fullUrl": urn, "resource": safety, "request": {"method": "POST", "url": "CarePlan"}},
        {"resource": given, "request": {"method": "POST", "url": "Communication"}},
    ]
    answer = await client.post("/", json={"resourceType": "Bundle", "type": "transaction", "entry": entry})
    assert answer.status_code == 200, answer.text
    said = answer.json()["entry"][1]["response"]["outcome"]["issue"][0]["diagnostics"]
    assert "(safety-plan: no-consent-recorded)" in said


async def test_an_update_is_judged_as_a_create_is(client: httpx.AsyncClient, people: Any) -> None:
    of, person = people
    stored = await create(client, copy(of, await plan_of(client, of, "safety-plan"), person, status="preparation"))
    answer = await put(client, stored | {"status": "completed"})
    assert "(safety-plan: no-consent-recorded)" in answer.headers["warning"]
