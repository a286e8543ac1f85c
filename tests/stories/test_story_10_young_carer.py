"""Jade, 14, cooks and watches her mother's tablets; her mother lets her know appointments and a child's safety plan."""

import pytest

from tests.stories.epr import Epr
from tests.stories.records import day, own, part, patient, permits, plan, practitioner, role, supporter


@pytest.fixture
async def sharon(epr: Epr) -> str:
    return await epr.records(patient(epr.patient, "Sharon", "1983-08-21"))


async def test_she_is_told_what_is_meant_for_her_and_spared_adult_detail(epr: Epr, sharon: str) -> None:
    jade = await epr.records(supporter(epr.patient, "Jade", role("young-carer"), birthDate=day(-365 * 14)))
    await epr.records(permits(epr.patient, jade, "appointments", "safety-plan"))
    assert await epr.words(jade, "appointments", "safety-plan") == ["allow", "allow"]
    told = await epr.asks(jade, "risk-to-self")
    assert (told.word, told.basis, told.next_action) == ("clinician", "refer-young-person", "refer-to-clinician")


async def test_no_permission_of_her_mother_changes_that(epr: Epr, sharon: str) -> None:
    jade = await epr.records(supporter(epr.patient, "Jade", role("young-carer"), birthDate=day(-365 * 14)))
    await epr.records(permits(epr.patient, jade, "risk-to-self", "substance-use", "sensitive-history"))
    assert await epr.words(jade, "risk-to-self", "substance-use", "sensitive-history") == ["clinician"] * 3


async def test_a_young_carer_is_taken_for_a_child_while_no_birth_date_says_otherwise(epr: Epr, sharon: str) -> None:
    unknown = await epr.records(supporter(epr.patient, "Robin", role("young-carer")))
    grown = await epr.records(supporter(epr.patient, "Alex", role("young-carer"), birthDate=day(-365 * 25)))
    for one in (unknown, grown):
        await epr.records(permits(epr.patient, one, "risk-to-self"))
    assert (await epr.asks(unknown, "risk-to-self")).word == "clinician"
    assert (await epr.asks(grown, "risk-to-self")).word == "allow"


async def test_her_referral_can_be_recorded_and_is_found_with_her_mother(epr: Epr, sharon: str) -> None:
    jade = await epr.records(supporter(epr.patient, "Jade", role("young-carer"), birthDate=day(-365 * 14)))
    task = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "code": {"text": "Refer to the young carers' service"},
        "for": {"reference": jade},
        "focus": {"reference": sharon},
    }
    assert await epr.finds(f"Task?patient={epr.number}") == []
    referral = await epr.records(task)
    assert await epr.finds(f"Task?subject={jade}") == [referral]


async def test_she_supports_with_medication_only_when_a_named_clinician_stands_by_it(epr: Epr, sharon: str) -> None:
    jade = await epr.records(supporter(epr.patient, "Jade", role("young-carer"), birthDate=day(-365 * 14)))
    watches = part("medication-support", jade, "Watches that her mother takes her tablets.")
    refusal = await epr.is_refused(plan(epr.patient, watches))
    assert "under 18" in refusal
    assert "clinician-confirmed" in refusal
    nurse = await epr.records(practitioner("Adaeze Nwosu"))
    by = own("clinician-confirmed", extension=[{"url": "by", "valueReference": {"reference": nurse}}])
    watches["detail"]["extension"] = [by]
    warned = await epr.warnings(plan(epr.patient, watches))
    assert "under 18" in warned
    assert "must not be the only one" in warned


async def test_what_else_she_does_is_warned_of_and_stored(epr: Epr, sharon: str) -> None:
    robin = await epr.records(supporter(epr.patient, "Robin", role("young-carer")))
    cooks = part("practical-help", robin, "Cooks on two evenings.")
    assert "under 18" in await epr.warnings(plan(epr.patient, cooks))
    assert len(await epr.finds(f"CarePlan?performer={robin}")) == 1


async def test_when_she_is_18_it_is_her_own_affair(epr: Epr, sharon: str) -> None:
    alex = await epr.records(supporter(epr.patient, "Alex", role("young-carer"), birthDate=day(-365 * 25)))
    help_ = (part("medication-support", alex, "Reminds her in the morning."), part("affection", alex, "Hugs her."))
    assert await epr.warnings(plan(epr.patient, *help_)) == ""
