"""A yes by telephone, without any form: the clinician writes down method verbal and reads it back. It is a full yes."""

import pytest

from tests.operations.asking import consent_of, decisions, parameters
from tests.stories.epr import Epr
from tests.stories.records import ago, own, patient, permits, practitioner, supporter


@pytest.fixture
async def husband(epr: Epr) -> str:
    await epr.records(patient(epr.patient, "Bridget", "1979-11-23"))
    return await epr.records(supporter(epr.patient, "Niall"))


async def test_a_spoken_yes_read_back_is_a_yes(epr: Epr, husband: str) -> None:
    nurse = await epr.records(practitioner("Adaeze Nwosu"))
    said = [own("consent-method", valueCode="verbal"), own("consent-recorder", valueReference={"reference": nurse})]
    read_back = [{"verified": True, "verifiedWith": epr.patient, "verificationDate": ago(days=2)}]
    consent = permits(epr.patient, husband, "appointments", extension=said, verification=read_back)
    reference = await epr.records(consent)
    told = await epr.asks(husband, "appointments")
    assert (told.word, told.basis, told.based_on) == ("allow", "patient-consent", (f"{reference}/_history/1",))
    assert told.obligations == frozenset()


async def test_it_needs_no_verification_and_no_form(epr: Epr, husband: str) -> None:
    await epr.records(permits(epr.patient, husband, "appointments"))
    assert (await epr.asks(husband, "appointments")).word == "allow"


async def test_the_short_path_writes_the_same_down(epr: Epr, husband: str) -> None:
    said = parameters(("decision", "yes"), ("scope", "appointments"), ("method", "verbal"))
    answer = await epr.client.post(f"/{husband}/$record-consent", json=said)
    assert decisions(answer.json())["appointments"] == "patient-consent"
    stored = await epr.reads(consent_of(answer.json()))
    assert own("consent-method", valueCode="verbal") in stored["extension"]
    assert (await epr.asks(husband, "appointments")).word == "allow"


async def test_what_was_only_inferred_is_no_yes(epr: Epr, husband: str) -> None:
    implied = permits(epr.patient, husband, extension=[own("consent-method", valueCode="implied")])
    await epr.is_refused(implied)
