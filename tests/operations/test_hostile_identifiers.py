"""An identifier that nobody can have is refused by name, whichever door it comes to, and stands in no other's way."""

import pytest

from tests.operations.authzen import evaluation, post
from tests.record.examples import NHS_NUMBER, consent, create, name, nhs_number, patient, supporter, to

PATH = "/Consent/$check-sharing"
HOOK = {"hook": "patient-consent-consult", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"}


@pytest.fixture(scope="module")
async def known(client):
    """A patient who lets a supporter know everything that need not be named."""
    of = await create(client, patient(nhs_number(), birthDate="1980-02-01"))
    person = await create(client, supporter(to(of)))
    await create(client, consent(to(of), name(person)))
    return name(of), name(person)


@pytest.mark.parametrize("parameter", ["patient", "recipient", "team"])
@pytest.mark.parametrize("identifier", ["https://x.org|a\0b", "\0|a", f"{NHS_NUMBER}|999\0"])
async def test_an_identifier_that_no_database_holds_is_refused_by_name(client, known, parameter, identifier):
    asked = {"patient": known[0], "recipient": known[1], parameter: identifier}
    response = await client.get(PATH, params=asked)
    assert response.status_code == 400
    assert f"Parameter {parameter} has a NUL character" in response.json()["issue"][0]["diagnostics"]


async def test_among_many_questions_it_stands_in_the_way_of_no_other(client, known):
    resource = {"type": "patient-information", "id": known[0], "properties": {"scope": "medication"}}
    asked = [evaluation(who, resource=resource) for who in (known[1], "RelatedPerson/x.org|a\0b", known[1])]
    answers = (await post(client, "access/v1/evaluations", {"evaluations": asked})).json()["evaluations"]
    assert [each["decision"] for each in answers] == [True, False, True]
    assert answers[1]["context"]["error"]["status"] == 400


@pytest.mark.parametrize("member", ["patientId", "actor"])
async def test_the_hook_refuses_it_too(client, member):
    named = {"patientId": [{"system": NHS_NUMBER, "value": "9990000018"}], "actor": []}
    context = named | {member: [{"system": NHS_NUMBER, "value": "9\0"}]}
    response = await post(client, "cds-services/patient-consent-consult", HOOK | {"context": context})
    assert response.status_code == 400
