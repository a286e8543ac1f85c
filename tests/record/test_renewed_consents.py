"""A decision that was in force is so again only as a new one, whatever became of it between."""

import asyncio
from collections import Counter

import pytest

from tests.conftest import running
from tests.record.examples import by_number, consent, create, issue, name, nhs_number, patch, put, supporter

FIRST, LATER = "2026-01-05T10:00:00Z", "2026-01-06T10:00:00Z"


@pytest.fixture
async def given(client):
    """A Consent in force since FIRST."""
    person = await create(client, supporter(by_number(nhs_number())))
    return await create(client, consent(person["patient"], name(person)))


@pytest.mark.parametrize("way", [["draft"], ["proposed"], ["inactive", "draft"], ["draft", "inactive", "proposed"]])
async def test_a_decision_set_aside_is_not_in_force_again_with_its_old_time(client, given, way):
    for status in way:
        assert (await put(client, {**given, "status": status})).status_code == 200
    response = await put(client, given)
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Consent.dateTime"]
    assert (await put(client, {**given, "dateTime": "2026-01-05T10:00:00.000+00:00"})).status_code == 422
    assert (await put(client, {**given, "dateTime": LATER})).status_code == 200


async def test_a_patch_does_not_bring_the_old_decision_back(client, given):
    await put(client, {**given, "status": "draft"})
    activate = [{"op": "replace", "path": "/status", "value": "active"}]
    response = await patch(client, given, *activate)
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Consent.dateTime"]
    renewed = [*activate, {"op": "replace", "path": "/dateTime", "value": LATER}]
    assert (await patch(client, given, *renewed)).status_code == 200


async def test_the_time_of_a_decision_does_not_come_back_over_another(client, given):
    await put(client, {**given, "status": "inactive", "dateTime": LATER})
    assert (await put(client, given)).status_code == 422


async def test_a_draft_keeps_its_time_when_it_is_decided(client, given):
    draft = await create(client, {**given, "status": "draft"})
    await put(client, {**draft, "status": "proposed"})
    assert (await put(client, {**draft, "status": "active"})).status_code == 200


async def test_a_decision_prepared_as_a_draft_with_its_own_time_is_decided(client, given):
    await put(client, {**given, "status": "draft", "dateTime": LATER})
    assert (await put(client, {**given, "dateTime": LATER})).status_code == 200


async def test_a_decision_in_force_may_be_written_again(client, given):
    assert (await put(client, {**given, "language": "en-GB"})).status_code == 200


async def test_where_consents_need_not_be_computable_it_is_left_to_the_decision(module_database_url, given):
    async with running(module_database_url, computable_consents=False) as service:
        await put(service, {**given, "status": "draft"})
        assert (await put(service, given)).status_code == 200


async def test_setting_aside_and_renewing_at_once_never_revive_the_old_decision(client, module_database_url):
    """Either the renewal came first, when the decision was still in force, or it is refused."""
    outcomes = Counter()
    async with running(module_database_url) as other:
        for _ in range(12):
            person = await create(client, supporter(by_number(nhs_number())))
            given = await create(client, consent(person["patient"], name(person)))
            aside, again = await asyncio.gather(put(client, {**given, "status": "draft"}), put(other, given))
            last = (await client.get(f"/{name(given)}")).json()["status"]
            outcomes[aside.status_code, again.status_code, last] += 1
    assert set(outcomes) <= {(200, 200, "draft"), (200, 422, "draft")}, outcomes
