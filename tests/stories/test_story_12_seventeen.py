"""Ella is 17: she lets her mother know and refuses her father. Both have parental responsibility."""

import pytest

from tests.stories.epr import Epr
from tests.stories.records import PROXY_BASIS, ago, coded, day, decided_for, patient, permits, refuses, role, supporter


@pytest.fixture
async def parents(epr: Epr) -> tuple[str, str]:
    await epr.records(patient(epr.patient, "Ella", day(-365 * 17 - 100)))
    mum = await epr.records(supporter(epr.patient, "Dawn", role("parental-responsibility")))
    dad = await epr.records(supporter(epr.patient, "Scott", role("parental-responsibility")))
    await epr.records(permits(epr.patient, mum, "condition-information", "safety-plan", "appointments"))
    await epr.records(refuses(epr.patient, dad))
    return mum, dad


async def test_at_sixteen_and_over_she_decides(epr: Epr, parents: tuple[str, str]) -> None:
    mum, dad = parents
    assert await epr.words(mum, "condition-information", "safety-plan", "appointments") == ["allow"] * 3
    for scope in ("condition-information", "appointments", "whereabouts", "legal-status"):
        told = await epr.asks(dad, scope)
        assert (told.word, told.basis) == ("deny", "patient-refusal")
        assert told.overridable


async def test_her_father_hears_what_is_general_and_may_tell(epr: Epr, parents: tuple[str, str]) -> None:
    _, dad = parents
    assert (await epr.asks(dad, "condition-information", content="general")).word == "allow"
    assert (await epr.asks(dad, "condition-information", action="listen")).word == "allow"


async def test_parental_responsibility_is_no_trump(epr: Epr, parents: tuple[str, str]) -> None:
    _, dad = parents
    basis = coded(PROXY_BASIS, "parental-responsibility")
    said = await epr.is_refused(decided_for(epr.patient, dad, "appointments", basis=basis, by=[dad], dateTime=ago()))
    assert "under 16" in said
    assert (await epr.asks(dad, "appointments")).word == "deny"
