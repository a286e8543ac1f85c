"""Lee, 19, has not been asked about anybody. His father rings in distress. Silence is not refusal."""

import pytest

from tests.stories.epr import Epr
from tests.stories.records import ALWAYS_ALLOWED, call, coded, patient, supporter


@pytest.fixture
async def dad(epr: Epr) -> str:
    await epr.records(patient(epr.patient, "Lee", "2007-02-02"))
    return await epr.records(supporter(epr.patient, "Graham"))


async def test_the_answer_is_to_ask_lee(epr: Epr, dad: str) -> None:
    told = await epr.asks(dad, "care-plan")
    assert (told.word, told.decision, told.next_action) == ("ask", "deny", "ask-patient")
    assert told.still_allowed == ALWAYS_ALLOWED
    assert told.overridable
    assert told.based_on == ()


async def test_his_father_is_listened_to_at_once(epr: Epr, dad: str) -> None:
    heard = await epr.asks(dad, "care-plan", action="listen")
    assert (heard.word, heard.basis) == ("allow", "listening")
    assert heard.obligations == {
        "disclose-nothing-new",
        "record-what-was-said",
        "do-not-promise-secrecy",
        "do-not-confirm-patient",
    }


async def test_an_attempt_to_reach_him_may_be_recorded(epr: Epr, dad: str) -> None:
    reason = coded("http://terminology.hl7.org/CodeSystem/communication-not-done-reason", "recipient-unavailable")
    tried = await epr.records(call(epr.patient, dad, status="not-done", statusReason=reason))
    assert await epr.finds(f"Communication?patient={epr.number}&recipient={dad}") == [tried]


async def test_that_nobody_asked_can_be_found(epr: Epr, dad: str) -> None:
    assert await epr.finds(f"Consent?patient={epr.number}") == []
    assert await epr.finds(f"RelatedPerson?patient={epr.number}") == [dad]
