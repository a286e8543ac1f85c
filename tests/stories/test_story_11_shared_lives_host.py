"""Nikita stays with Mags, a Shared Lives host in Wales, for ten days. Mags may know what keeps both safe."""

from typing import Any

import pytest

from tests.stories.epr import Epr
from tests.stories.records import ago, ahead, day, patient, permits, role, supporter

KNOWN = ("safety-plan", "medication", "risk-to-self", "substance-use")


@pytest.fixture
async def mags(epr: Epr) -> str:
    await epr.records(patient(epr.patient, "Nikita", "1998-12-01"))
    placed = {
        "role_period": {"valuePeriod": {"start": day(-4), "end": day(6)}},
        "role_jurisdiction": {"valueCode": "GB-WLS"},
    }
    host = await epr.records(supporter(epr.patient, "Mags", role("shared-lives-carer", **placed)))
    period = {"start": day(-4), "end": day(6)}
    await epr.records(permits(epr.patient, host, *KNOWN, dateTime=ago(days=4), period=period))
    return host


async def test_she_is_told_during_the_stay_and_not_after(epr: Epr, mags: str) -> None:
    assert await epr.words(mags, *KNOWN) == ["allow"] * 4
    assert await epr.words(mags, "whereabouts", "sensitive-history") == ["deny", "deny"]
    after = await epr.asks(mags, "safety-plan", at=ahead(days=7, hours=1))
    assert (after.word, after.next_action) == ("expired", "renew-consent")


async def test_her_household_is_told_nothing(epr: Epr, mags: str) -> None:
    husband = await epr.records(supporter(epr.patient, "Alun", role("household-member")))
    grandson = await epr.records(supporter(epr.patient, "Osian", role("visiting-child")))
    for one in (husband, grandson):
        assert {(await epr.asks(one, scope)).decision for scope in KNOWN} == {"deny"}
    assert (await epr.asks(grandson, "risk-to-self")).word == "clinician"


async def test_that_the_placement_is_in_wales_is_kept_with_her_role(epr: Epr, mags: str) -> None:
    [relationship] = (await epr.reads(mags))["relationship"]
    said: dict[str, Any] = {one["url"].rpartition("/")[2]: one for one in relationship["extension"]}
    assert said["role-jurisdiction"]["valueCode"] == "GB-WLS"


async def test_a_debrief_for_her_is_kept_with_nikita(epr: Epr, mags: str) -> None:
    debrief = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "code": {"text": "Debrief after the incident on day four"},
        "for": {"reference": mags},
    }
    task = await epr.records(debrief)
    assert await epr.finds(f"Task?subject={mags}&status=requested") == [task]
