"""What begins or ends by itself makes its tasks then: the record is looked at again at that time."""

from datetime import UTC, datetime, timedelta

import pytest

from app.fhir.canonical import BASE
from app.operations import apply_rules
from tests.operations.test_rules import codes
from tests.operations.worklists import concept, episode, main_carer, meeting, yes
from tests.record.examples import create, name, nhs_number, organization, patient, supporter, to
from tests.rules import rules_of
from tests.stories.records import restriction

THEN = (datetime.now(UTC) + timedelta(days=30)).replace(microsecond=0)
FROM_THEN = {"start": THEN.isoformat()}
# An end covers its whole second.
UNTIL_THEN = {"start": "2026-03-01T09:00:00Z", "end": (THEN - timedelta(seconds=1)).isoformat()}


@pytest.fixture
def rules(module_database_url):
    return rules_of(module_database_url)


async def a_host_to_come(client, of):
    held = {"extension": [{"url": f"{BASE}/StructureDefinition/role-period", "valuePeriod": FROM_THEN}]}
    await create(client, supporter(of, relationship=[concept("carer-role", "shared-lives-carer") | held]))


async def a_carer_to_come(client, of):
    await create(client, main_carer(of, period=FROM_THEN))


async def a_restriction_that_ends(client, of):
    mum = await create(client, main_carer(of))
    await create(client, restriction(of, "no-contact-supporter-wish", name(mum)) | {"period": UNTIL_THEN})


async def invited(client, of):
    mum = await create(client, supporter(of))
    await create(client, yes(of, mum, "meetings"))
    await create(client, meeting(of, to(mum)))
    return mum


async def an_invitation_and_a_restriction_to_come(client, of):
    mum = await invited(client, of)
    await create(client, restriction(of, "no-contact-supporter-wish", name(mum)) | {"period": FROM_THEN})


async def an_invitation_and_a_refusal_to_come(client, of):
    refusal = yes(of, await invited(client, of), "meetings", dateTime="2026-02-01T10:00:00Z")
    await create(client, refusal | {"provision": refusal["provision"] | {"type": "deny", "period": FROM_THEN}})


@pytest.mark.parametrize(
    "record",
    [
        a_host_to_come,
        a_carer_to_come,
        a_restriction_that_ends,
        an_invitation_and_a_restriction_to_come,
        an_invitation_and_a_refusal_to_come,
    ],
)
async def test_a_record_is_looked_at_again_when_something_begins_or_ends(client, rules, monkeypatch, record):
    of, team = await create(client, patient(nhs_number())), await create(client, organization())
    await create(client, episode(to(of), team))
    await record(client, to(of))
    waiting = {}
    wait = apply_rules.storage.wait

    async def told(connection, patients, again):
        waiting.update(again)
        await wait(connection, patients, again)

    monkeypatch.setattr(apply_rules.storage, "wait", told)
    async with rules() as apply:
        await apply()
    assert await codes(client, of) == []
    assert waiting[of["id"]] == THEN
