"""Worklists show each caller what the caller may see, and take the scopes of what they show."""

import pytest

from tests.audited import settled
from tests.callers import acting, granted
from tests.operations.worklists import concern, episode, listed, main_carer, yes
from tests.record.examples import create, issue, name, nhs_number, organization, patient, plan, to

SCOPES = "system/*.cruds kith/check"
CONFIDENCE = {"system": "https://fhir.kith.example/CodeSystem/sharing-label", "code": "given-in-confidence"}


@pytest.fixture
async def ours(client):
    async with acting(client, granted(SCOPES, organisation="RX1")) as acting_client:
        yield acting_client


@pytest.fixture
async def sam(ours):
    of, team = await create(ours, patient(nhs_number())), await create(ours, organization())
    return of, team, await create(ours, episode(to(of), team))


async def test_another_organisation_sees_nothing_and_does_not_learn_that_the_team_is_there(client, ours, sam):
    _, team, open_episode = sam
    assert (await listed(ours, "not-asked", team))[0] == [name(open_episode)]
    async with acting(client, granted(SCOPES, organisation="RX2")) as theirs:
        assert name(open_episode) not in (await listed(theirs, "not-asked"))[0]
        root = str(theirs.base_url).removesuffix("/FHIR/R4/")
        told = [
            (await theirs.get(f"{root}/worklists/not-asked", params={"team": each})).json()["issue"]
            for each in (name(team), "Organization/00000000-0000-4000-8000-000000000000")
        ]
        assert [each[0]["code"] for each in told] == ["invalid", "invalid"]
    async with acting(client, granted(SCOPES, organisation="RX2", sees=("RX1",))) as sharing:
        assert (await listed(sharing, "not-asked", team))[0] == [name(open_episode)]


async def test_what_was_said_in_confidence_is_listed_for_those_who_may_read_it(client, ours, sam):
    of, team, _ = sam
    mum = await create(ours, main_carer(to(of)))
    async with acting(client, granted(f"{SCOPES} kith/restrictions", organisation="RX1")) as trusted:
        secret = await create(trusted, concern(to(of), mum) | {"meta": {"security": [CONFIDENCE]}})
        assert (await listed(trusted, "concerns", team))[0] == [name(secret)]
    assert (await listed(ours, "concerns", team))[0] == []


async def test_what_others_wrote_takes_nothing_off_a_list_of_those_who_may_not_see_it(client, ours, sam):
    of, team, _ = sam
    mum = await create(ours, main_carer(to(of)))
    await create(ours, yes(to(of), mum, "care-plan"))
    worry = await create(ours, concern(to(of), mum))
    before = [await listed(ours, each, team) for each in ("no-role", "concerns")]
    assert [found for found, _ in before] == [[name(mum)], [name(worry)]]
    detail = {"detail": {"status": "in-progress", "performer": [to(mum)]}}
    reply = {"resourceType": "Communication", "status": "completed", "inResponseTo": [to(worry)], "subject": to(of)}
    async with acting(client, granted(SCOPES, organisation="RX2", sees=("RX1",))) as theirs:
        await create(theirs, plan(to(of), activity=[detail]))
        await create(theirs, reply)
        assert [(await listed(theirs, each, team))[0] for each in ("no-role", "concerns")] == [[], []]
    assert [await listed(ours, each, team) for each in ("no-role", "concerns")] == before


@pytest.mark.parametrize("which", ["no-role", "not-invited"])
async def test_a_list_that_tells_what_is_permitted_takes_the_scope_of_checks(client, which):
    for scope, status in (("system/*.rs", 403), ("system/*.rs kith/check", 200)):
        async with acting(client, granted(scope, organisation="RX1")) as caller:
            root = str(caller.base_url).removesuffix("/FHIR/R4/")
            assert (await caller.get(f"{root}/worklists/{which}")).status_code == status


@pytest.mark.parametrize("facing", ["patient", "carer"])
async def test_worklists_are_for_staff(client, sam, facing):
    of, _, _ = sam
    one = granted(SCOPES, organisation="RX1", facing=facing, patient=of["id"])
    async with acting(client, one) as outside:
        root = str(outside.base_url).removesuffix("/FHIR/R4/")
        answer = await outside.get(f"{root}/worklists/not-asked")
        assert answer.status_code == 403
        assert "staff" in issue(answer)["diagnostics"]


@pytest.mark.parametrize(
    "scope", ["kith/check", "system/EpisodeOfCare.rs", "system/EpisodeOfCare.s system/CarePlan.s system/Patient.r"]
)
async def test_a_list_takes_the_scope_to_search_each_type_that_it_shows(client, scope):
    async with acting(client, granted(scope, organisation="RX1")) as narrow:
        root = str(narrow.base_url).removesuffix("/FHIR/R4/")
        answer = await narrow.get(f"{root}/worklists/not-asked")
        assert answer.status_code == 403
        assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


async def test_a_list_that_was_looked_at_is_on_record(client, ours, sam):
    of, team, _ = sam
    await listed(ours, "not-asked", team)
    await settled(client)
    found = (await client.get("/AuditEvent", params={"patient": name(of), "subtype": "operation"})).json()
    assert found["entry"], found
