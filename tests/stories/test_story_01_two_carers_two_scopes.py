"""Amina, 34: her mother Rukhsana may know plan, meetings and early signs, her partner Tom the appointments."""

import pytest

from tests.stories.epr import Epr
from tests.stories.records import ALWAYS_ALLOWED, patient, permits, role, supporter


@pytest.fixture
async def people(epr: Epr) -> tuple[str, str]:
    await epr.records(patient(epr.patient, "Amina", "1991-06-14"))
    rukhsana = await epr.records(supporter(epr.patient, "Rukhsana", role("main-carer")))
    tom = await epr.records(supporter(epr.patient, "Tom", role("key-supporter")))
    await epr.records(permits(epr.patient, rukhsana, "care-plan", "meetings", "relapse-signature"))
    await epr.records(permits(epr.patient, tom, "appointments"))
    return rukhsana, tom


async def test_each_is_told_what_amina_lets_that_one_know(epr: Epr, people: tuple[str, str]) -> None:
    rukhsana, tom = people
    assert await epr.words(tom, "medication", "appointments") == ["deny", "allow"]
    assert await epr.words(rukhsana, "relapse-signature", "care-plan", "meetings") == ["allow"] * 3


async def test_what_is_sensitive_is_never_implied(epr: Epr, people: tuple[str, str]) -> None:
    rukhsana, _ = people
    told = await epr.asks(rukhsana, "sensitive-history")
    assert (told.word, told.basis, told.next_action) == ("deny", "not-covered", "ask-patient")
    assert told.still_allowed == ALWAYS_ALLOWED


async def test_an_answer_about_one_never_speaks_of_the_other(epr: Epr, people: tuple[str, str]) -> None:
    rukhsana, tom = people
    told, other = await epr.asks(tom, "medication"), await epr.asks(rukhsana, "care-plan")
    assert not {record for record, _ in told.considered} & set(other.based_on)
    assert not {record for record, _ in other.considered}
