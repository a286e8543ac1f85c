"""Joan refuses all involvement of her sister Pat; asked separately about her condition, she says no again."""

import pytest

from tests.operations.asking import decisions, parameters
from tests.stories.epr import Epr
from tests.stories.records import ALWAYS_ALLOWED, patient, refuses, supporter


@pytest.fixture
async def pat(epr: Epr) -> str:
    await epr.records(patient(epr.patient, "Joan", "1961-07-08"))
    sister = await epr.records(supporter(epr.patient, "Pat"))
    await epr.records(refuses(epr.patient, sister))
    await epr.records(refuses(epr.patient, sister, "condition-information"))
    return sister


async def test_pat_is_told_nothing_personal(epr: Epr, pat: str) -> None:
    told = await epr.asks(pat, "condition-information")
    assert (told.word, told.basis, told.next_action) == ("deny", "patient-refusal", "none")
    assert len(told.based_on) == 2
    assert told.overridable
    assert set(await epr.words(pat, "medication", "appointments", "service-contact")) == {"deny"}


async def test_where_she_finds_support_and_her_right_to_an_assessment_need_no_consent(epr: Epr, pat: str) -> None:
    general = await epr.asks(pat, "condition-information", content="general")
    assert (general.word, general.basis) == ("allow", "general-information")
    assert general.obligations == {"no-patient-specific-content", "do-not-confirm-patient"}
    assert (await epr.asks(pat, "condition-information")).still_allowed == ALWAYS_ALLOWED


async def test_the_refusal_may_come_by_the_short_path_too(epr: Epr, pat: str) -> None:
    said = await epr.client.post(f"/{pat}/$record-consent", json=parameters(("decision", "no")))
    assert said.status_code == 200, said.text
    assert set(decisions(said.json()).values()) == {"patient-refusal"}
    told = await epr.asks(pat, "risk-to-self")
    assert (told.basis, told.next_action) == ("patient-refusal", "confirm-with-patient")
