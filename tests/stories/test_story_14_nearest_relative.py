"""The law makes his father the nearest relative; Femi chose his sister as carer, and objects to his father."""

import pytest

from tests.stories.epr import Epr
from tests.stories.records import day, patient, permits, refuses, role, supporter


@pytest.fixture
async def femi(epr: Epr) -> str:
    return await epr.records(patient(epr.patient, "Femi", "1993-05-09"))


@pytest.fixture
async def father(epr: Epr, femi: str) -> str:
    return await epr.records(supporter(epr.patient, "Tunde", role("nearest-relative")))


async def test_a_nearest_relative_has_statutory_items_alone_and_a_clinician_decides(epr: Epr, father: str) -> None:
    refusal = await epr.records(refuses(epr.patient, father))
    assert await epr.words(father, "care-plan", "medication") == ["deny", "deny"]
    told = await epr.asks(father, "legal-status")
    assert (told.word, told.basis) == ("clinician", "statutory-item")
    assert (f"{refusal}/_history/1", "patient-refusal") in told.considered


async def test_without_a_word_of_femi_he_is_told_nothing_else(epr: Epr, father: str) -> None:
    assert await epr.words(father, "care-plan", "legal-status") == ["ask", "clinician"]


async def test_the_sister_whom_he_chose_is_told_what_he_chose(epr: Epr, femi: str) -> None:
    sister = await epr.records(supporter(epr.patient, "Yemi", role("main-carer")))
    await epr.records(permits(epr.patient, sister, "care-plan", "legal-status"))
    assert await epr.words(sister, "care-plan", "legal-status", "medication") == ["allow", "allow", "deny"]


async def test_a_nominated_person_whose_provisions_are_not_in_force_is_nobody_special(epr: Epr, femi: str) -> None:
    blank = await epr.records(supporter(epr.patient, "Kemi", role("nominated-person")))
    later = {"role_in_force_from": {"valueDateTime": day(30)}}
    waiting = await epr.records(supporter(epr.patient, "Bola", role("nominated-person", **later)))
    begun = {"role_in_force_from": {"valueDateTime": day(-30)}}
    named = await epr.records(supporter(epr.patient, "Dayo", role("nominated-person", **begun)))
    assert [(await epr.asks(one, "legal-status")).word for one in (blank, waiting, named)] == [
        "ask",
        "ask",
        "clinician",
    ]
