"""A permission for his wife ended two days ago; another's is open, with its review ten days late."""

import pytest

from tests.stories.epr import Epr
from tests.stories.records import ALWAYS_ALLOWED, ago, ahead, day, own, patient, permits, supporter

SCOPES = ("service-contact", "care-plan", "medication", "appointments")


@pytest.fixture
async def wife(epr: Epr) -> str:
    await epr.records(patient(epr.patient, "Winston", "1958-01-30"))
    return await epr.records(supporter(epr.patient, "Marcia"))


async def test_what_ended_is_expired_and_renewed_with_him(epr: Epr, wife: str) -> None:
    ended = {"end": day(-2)}
    review = [own("consent-next-review", valueDateTime=day(-30))]
    consent = await epr.records(
        permits(epr.patient, wife, *SCOPES, dateTime=ago(days=90), period=ended, extension=review)
    )
    told = [await epr.asks(wife, scope) for scope in SCOPES]
    assert {(each.word, each.basis, each.next_action) for each in told} == {
        ("expired", "consent-expired", "renew-consent")
    }
    assert {each.based_on for each in told} == {(f"{consent}/_history/1",)}
    assert told[0].still_allowed == ALWAYS_ALLOWED
    assert (await epr.asks(wife, "whereabouts")).word == "ask"


async def test_to_its_last_second_it_is_a_yes(epr: Epr, wife: str) -> None:
    until, after = ahead(hours=1), ahead(hours=1, seconds=1)
    await epr.records(permits(epr.patient, wife, *SCOPES, dateTime=ago(days=90), period={"end": until}))
    assert (await epr.asks(wife, "medication", at=until)).word == "allow"
    assert (await epr.asks(wife, "medication", at=after)).word == "expired"


async def test_a_late_review_leaves_the_yes_and_says_so(epr: Epr, wife: str) -> None:
    review = [own("consent-next-review", valueDateTime=day(-10))]
    period = {"start": day(-100), "end": day(265)}
    await epr.records(permits(epr.patient, wife, *SCOPES, dateTime=ago(days=100), period=period, extension=review))
    told = await epr.asks(wife, "medication")
    assert (told.word, told.decision, told.next_action) == ("allow + review-due", "permit", "review-consent")
    assert told.review_due == day(-10)
