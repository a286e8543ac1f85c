"""Dev lets his brother know at ten and takes it back at four; a nurse asks about now, and about noon."""

import pytest

from tests.operations.asking import decisions, parameters
from tests.stories.epr import Epr
from tests.stories.records import ago, ahead, patient, permits, supporter


@pytest.fixture
async def brother(epr: Epr) -> str:
    await epr.records(patient(epr.patient, "Dev", "1994-02-19"))
    return await epr.records(supporter(epr.patient, "Nikhil"))


@pytest.fixture
async def given(epr: Epr, brother: str) -> str:
    return await epr.records(permits(epr.patient, brother, "care-plan", "meetings", dateTime=ago(hours=6)))


async def test_a_withdrawal_holds_at_once_and_what_was_allowed_stays_so(epr: Epr, brother: str, given: str) -> None:
    noon = (await epr.reads(given))["meta"]["lastUpdated"]
    disclosed = await epr.asks(brother, "care-plan")
    assert disclosed.word == "allow"

    taken_back = await epr.client.post(f"/{given}/$withdraw", json=parameters(("method", "verbal")))
    assert taken_back.status_code == 200, taken_back.text
    assert decisions(taken_back.json())["care-plan"] == "consent-withdrawn"

    told = await epr.asks(brother, "care-plan")
    assert (told.word, told.basis, told.next_action) == ("deny", "consent-withdrawn", "ask-patient")
    assert told.based_on == (f"{given}/_history/2",)
    then = await epr.asks(brother, "care-plan", at=noon)
    assert (then.word, then.based_on) == ("allow", (f"{given}/_history/1",))
    assert (f"{given}/_history/2", "recorded-later") in then.considered


async def test_what_was_disclosed_stays_in_the_trail(epr: Epr, brother: str, given: str) -> None:
    disclosed = await epr.asks(brother, "care-plan")
    await epr.client.post(f"/{given}/$withdraw", json=parameters())
    event = await epr.reads(disclosed.audit_event)
    assert event["resourceType"] == "AuditEvent"
    assert f"{given}/_history/1" in str(event)


async def test_tomorrows_meeting_can_be_found_to_be_cancelled(epr: Epr, brother: str, given: str) -> None:
    """That it is invited to is judged at the time of the invitation; who looks for it finds it."""
    actors = [{"actor": epr.patient, "status": "accepted"}, {"actor": {"reference": brother}, "status": "accepted"}]
    meeting = await epr.records(
        {
            "resourceType": "Appointment",
            "status": "booked",
            "start": ahead(days=1),
            "end": ahead(days=1, hours=1),
            "participant": actors,
        }
    )
    await epr.client.post(f"/{given}/$withdraw", json=parameters())
    assert (await epr.asks(brother, "meetings")).basis == "consent-withdrawn"
    assert await epr.finds(f"Appointment?patient={epr.number}&actor={brother}&status=booked") == [meeting]
