"""Neighbour Bob tells the team something: "don't say it was me". No secrecy was promised."""

import pytest

from app.fhir.canonical import BASE
from tests.stories.epr import Epr
from tests.stories.records import Json, call, coded, own, patient, permits, role, supporter

LABEL = {"system": f"{BASE}/CodeSystem/sharing-label", "code": "given-in-confidence"}
TAG = {"system": f"{BASE}/CodeSystem/sharing-scope", "code": "substance-use"}


@pytest.fixture
async def keiran(epr: Epr) -> str:
    return await epr.records(patient(epr.patient, "Keiran", "1985-01-16"))


@pytest.fixture
async def bob(epr: Epr, keiran: str) -> str:
    return await epr.records(supporter(epr.patient, "Bob", role("informal-supporter")))


@pytest.fixture
async def note(epr: Epr, bob: str) -> str:
    heard = call(epr.patient, bob, sender={"reference": bob}, payload=[{"contentString": "He is selling tablets."}])
    del heard["recipient"]
    return await epr.records(heard | {"meta": {"security": [LABEL], "tag": [TAG]}})


async def test_it_goes_to_the_patient_only_through_a_clinician(epr: Epr, keiran: str, note: str) -> None:
    told = await epr.asks(keiran, resource=note)
    assert (told.word, told.basis, told.overridable) == ("clinician", "third-party-confidence", False)
    assert "Bob" not in told.reason


async def test_it_goes_to_no_other_carer_whatever_the_patient_permits(epr: Epr, keiran: str, note: str) -> None:
    mother = await epr.records(supporter(epr.patient, "Jean"))
    await epr.records(permits(epr.patient, mother, "substance-use"))
    assert (await epr.asks(mother, "substance-use")).word == "allow"
    told = await epr.asks(mother, resource=note)
    assert (told.word, told.basis) == ("clinician", "third-party-confidence")


async def test_who_gave_it_is_no_stranger_to_it(epr: Epr, bob: str, note: str) -> None:
    assert (await epr.asks(bob, resource=note)).basis == "no-consent-recorded"


async def test_he_is_promised_no_secrecy(epr: Epr, bob: str) -> None:
    assert "do-not-promise-secrecy" in (await epr.asks(bob, "substance-use", action="listen")).obligations


async def test_the_team_sees_it_with_its_label(epr: Epr, note: str) -> None:
    assert (await epr.reads(note))["meta"]["security"] == [LABEL]
    assert await epr.finds(f"Communication?patient={epr.number}&_security={LABEL['system']}|{LABEL['code']}") == [note]


async def test_it_is_kept_as_his_concern_and_nobody_contacted_him(epr: Epr, bob: str) -> None:
    heard = call(epr.patient, bob, sender={"reference": bob}, payload=[{"contentString": "He is selling tablets."}])
    del heard["recipient"]
    concern = heard | {"meta": {"security": [LABEL], "tag": [TAG]}, "category": [category("concern")]}
    assert await epr.warnings(concern) == ""
    assert await epr.finds(f"Communication?sender={bob}&category=concern") != []


async def test_whether_it_was_used_and_why_is_said_with_it(epr: Epr, note: str) -> None:
    why = "It agrees with the count of tablets at the last visit."
    used = own("knowledge-used", extension=[{"url": "used", "valueBoolean": True}, {"url": "why", "valueString": why}])
    stored = await epr.reads(note)
    assert await epr.warnings(stored | {"extension": [used]}) == ""
    bare = own("knowledge-used", extension=[{"url": "used", "valueBoolean": True}])
    answer = await epr.client.put(f"/{note}", json=stored | {"extension": [bare]})
    assert answer.status_code == 422
    assert "why" in answer.text


def category(code: str) -> Json:
    return coded(f"{BASE}/CodeSystem/communication-category", code)
