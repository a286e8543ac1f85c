"""Kezia fears her former partner Rob, who is still down as next of kin and has an old permission."""

import pytest

from tests.operations.asking import parameters
from tests.stories.epr import Epr
from tests.stories.records import ago, call, meeting, patient, permits, restriction, role, supporter

WHY = "He broke her wrist in May"
PERSONAL = ("whereabouts", "appointments", "make-contact", "service-contact", "medication")


@pytest.fixture
async def rob(epr: Epr) -> str:
    await epr.records(patient(epr.patient, "Kezia", "1990-03-17"))
    former = await epr.records(supporter(epr.patient, "Rob Dunnock", role("next-of-kin")))
    await epr.records(permits(epr.patient, former, "whereabouts", "appointments", dateTime=ago(days=420)))
    for code in ("no-contact-safeguarding", "no-whereabouts"):
        await epr.records(restriction(epr.patient, code, former, text=WHY))
    return former


async def test_the_stop_beats_the_old_permission_and_next_of_kin_has_no_power(epr: Epr, rob: str) -> None:
    for scope in PERSONAL:
        told = await epr.asks(rob, scope)
        assert (told.word, told.basis) == ("stop", "contact-restricted")
        assert (told.next_action, told.overridable) == ("refer-to-clinician", False)
        assert told.still_allowed == ("listen", "general-information")
        assert "do-not-confirm-patient" in told.obligations


async def test_he_is_listened_to_and_learns_nothing_not_even_that_she_is_a_patient(epr: Epr, rob: str) -> None:
    for asked in ({"action": "listen"}, {"content": "general"}):
        told = await epr.asks(rob, "service-contact", **asked)
        assert told.word == "allow"
        assert "do-not-confirm-patient" in told.obligations


async def test_why_he_is_kept_away_is_never_told(epr: Epr, rob: str) -> None:
    asked = {"patient": epr.number, "recipient": rob, "scope": "whereabouts"}
    answer = await epr.client.get("/Consent/$check-sharing", params=asked)
    assert WHY not in answer.text
    told = await epr.asks(rob, "whereabouts")
    assert "safeguarding" not in told.reason.lower()


async def test_a_new_yes_does_not_lift_the_stop(epr: Epr, rob: str) -> None:
    said = parameters(("decision", "yes"), ("scope", "whereabouts"))
    assert (await epr.client.post(f"/{rob}/$record-consent", json=said)).status_code == 200
    assert (await epr.asks(rob, "whereabouts")).word == "stop"


async def test_nobody_ends_the_stop_by_the_way(epr: Epr, rob: str) -> None:
    for flag in await epr.finds(f"Flag?patient={epr.number}"):
        ended = await epr.reads(flag) | {"status": "inactive"}
        assert (await epr.client.put(f"/{flag}", json=ended)).status_code == 403
        assert (await epr.client.delete(f"/{flag}")).status_code == 409
    assert (await epr.asks(rob, "appointments")).word == "stop"


async def test_under_a_second_record_he_is_stopped_as_well(epr: Epr, rob: str) -> None:
    again = await epr.records(supporter(epr.patient, "Rob Dunnock"))
    await epr.records(permits(epr.patient, again, "appointments"))
    told = await epr.asks(again, "appointments")
    assert (told.word, told.basis) == ("clinician", "possibly-same-person")


async def test_a_call_to_him_is_on_record_with_a_warning_that_does_not_say_why(epr: Epr, rob: str) -> None:
    warned = await epr.warnings(call(epr.patient, rob))
    assert "contact-restricted" in warned
    assert WHY not in warned
    assert len(await epr.finds(f"Communication?recipient={rob}")) == 1


async def test_that_he_was_not_called_is_no_contact_and_no_attempt(epr: Epr, rob: str) -> None:
    said = [{"name": "outcome", "valueCode": "not-tried-safeguarding"}]
    answer = await epr.client.post(f"/{rob}/$record-contact", json={"resourceType": "Parameters", "parameter": said})
    assert answer.status_code == 200, answer.text
    assert "warning" not in answer.headers
    cared = await epr.records({"resourceType": "EpisodeOfCare", "status": "active", "patient": epr.patient,
                               "period": {"start": ago(days=1)}})  # fmt: skip
    found = (await epr.client.get(f"/{cared}/$first-contacts")).json()["parameter"]
    assert {"name": "attempts", "valueInteger": 0} in found
    assert [each["part"][0]["valueReference"]["reference"] for each in found if each["name"] == "notToTry"] == [rob]
    assert not [each for each in found if each["name"] == "leftToTry"]


async def test_to_invite_him_to_her_review_is_warned_of(epr: Epr, rob: str) -> None:
    warned = await epr.warnings(meeting(epr.patient, rob))
    assert "meetings: contact-restricted" in warned
    assert "listen" in warned
