"""Sam was asked, and names nobody. Isolated people must neither look like bad practice nor be hidden."""

import pytest

from tests.operations.asking import answers, parameters
from tests.stories.epr import Epr
from tests.stories.records import patient


@pytest.fixture
async def sam(epr: Epr) -> str:
    return await epr.records(patient(epr.patient, "Sam", "1977-12-28"))


async def test_there_is_nobody_to_tell_and_that_is_no_permission(epr: Epr, sam: str) -> None:
    by_get = await epr.client.get("/Consent/$check-sharing", params={"patient": epr.number})
    body = parameters(("patient", {"reference": sam}))
    by_post = await epr.client.post("/Consent/$check-sharing", json=body)
    for answer in (by_get, by_post):
        assert answer.status_code == 200, answer.text
        assert answers(answer.json()) == []
        [decision] = [each["valueCode"] for each in answer.json()["parameter"] if each["name"] == "decision"]
        assert decision == "deny"


async def test_somebody_who_rings_all_the_same_is_listened_to(epr: Epr, sam: str) -> None:
    heard = await epr.asks("RelatedPerson/unknown", action="listen")
    assert (heard.word, heard.basis) == ("allow", "listening")
    assert {"disclose-nothing-new", "do-not-confirm-patient"} <= heard.obligations
    told = await epr.asks("RelatedPerson/unknown", "care-plan")
    assert (told.word, told.basis) == ("deny", "recipient-not-linked")


async def test_that_there_is_nobody_can_be_found(epr: Epr, sam: str) -> None:
    assert await epr.finds(f"RelatedPerson?patient={epr.number}") == []
    assert await epr.finds(f"Patient?identifier={epr.number}") == [sam]
