"""Ivy, 71, cannot decide at present. Sue is her attorney for health and welfare, her son the one for money."""

import pytest

from tests.stories.epr import Epr
from tests.stories.records import (
    PROXY_BASIS,
    Json,
    ago,
    coded,
    day,
    decided_for,
    lacks_capacity,
    patient,
    permits,
    practitioner,
    role,
    supporter,
)

ATTORNEY = coded(PROXY_BASIS, "health-and-welfare-lasting-power-of-attorney")
SEEN = {"role_verified": {"valueBoolean": True}, "role_period": {"valuePeriod": {"start": day(-700)}}}


@pytest.fixture
async def family(epr: Epr) -> tuple[str, str]:
    await epr.records(patient(epr.patient, "Ivy", "1954-09-19"))
    sue = await epr.records(supporter(epr.patient, "Sue", role("lpa-health-welfare", **SEEN)))
    son = await epr.records(supporter(epr.patient, "Peter", role("lpa-property-finance", **SEEN)))
    return sue, son


@pytest.fixture
async def confused(epr: Epr, family: tuple[str, str]) -> str:
    """Since yesterday; and today Sue decided that she is to be told about the medication."""
    sue, _ = family
    found = await epr.records(lacks_capacity(epr.patient, await epr.records(practitioner("Meera Raghavan"))))
    await epr.records(as_attorney(epr, sue, sue))
    return found


def as_attorney(epr: Epr, who: str, by: str) -> Json:
    return decided_for(epr.patient, who, "medication", basis=ATTORNEY, by=[by], dateTime=ago(hours=2))


async def test_the_attorney_for_health_is_told_and_the_one_for_money_is_not(
    epr: Epr, family: tuple[str, str], confused: str
) -> None:
    sue, son = family
    told = await epr.asks(sue, "medication")
    assert (told.word, told.basis) == ("allow", "attorney")
    assert told.obligations == {"minimum-necessary", "re-seek-consent"}
    assert (await epr.asks(son, "medication")).word == "clinician"


async def test_the_role_alone_permits_nothing(epr: Epr, family: tuple[str, str], confused: str) -> None:
    sue, _ = family
    assert (await epr.asks(sue, "whereabouts")).decision == "deny"


async def test_a_power_over_money_cannot_decide_this(epr: Epr, family: tuple[str, str], confused: str) -> None:
    _, son = family
    said = await epr.is_refused(as_attorney(epr, son, son))
    assert "lpa-health-welfare" in said


async def test_when_she_can_decide_again_only_her_own_word_counts(
    epr: Epr, family: tuple[str, str], confused: str
) -> None:
    sue, _ = family
    flag = await epr.reads(confused)
    flag |= {"status": "inactive", "period": flag["period"] | {"end": ago(seconds=1)}}
    await epr.records(flag)
    told = await epr.asks(sue, "medication")
    assert (told.word, told.next_action) == ("ask", "ask-patient")
    await epr.records(permits(epr.patient, sue, "medication", dateTime=ago()))
    told = await epr.asks(sue, "medication")
    assert (told.word, told.basis) == ("allow", "patient-consent")


async def test_a_yes_given_while_she_could_not_decide_counts_for_nothing(
    epr: Epr, family: tuple[str, str], confused: str
) -> None:
    _, son = family
    await epr.records(permits(epr.patient, son, "medication", dateTime=ago(hours=1)))
    told = await epr.asks(son, "medication")
    assert (told.word, told.basis) == ("clinician", "given-without-capacity")
