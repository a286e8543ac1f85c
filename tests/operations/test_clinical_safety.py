"""docs/clinical-safety.md: every test that it names exists, and what it says of answers as a whole."""

import re

import pytest

from app.sharing.answer import EDITION
from app.sharing.vocabulary import DECISION_BASIS
from tests.pages import DOCS, broken_links, functions_of, named_tests
from tests.record.examples import consent, create, name, nhs_number, patient, supporter, to

HAZARDS = re.split(r"^### ", (DOCS / "clinical-safety.md").read_text(), flags=re.MULTILINE)[1:]


@pytest.mark.parametrize(("file", "test"), named_tests("clinical-safety.md"))
def test_every_test_that_the_hazard_log_names_exists(file, test):
    assert test in functions_of(file)


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.splitlines()[0])
def test_every_cause_in_the_hazard_log_has_a_control_and_a_test(hazard):
    assert "\nEffect: " in hazard
    rows = [row.split(" | ") for row in hazard.splitlines() if row.startswith("| ")][2:]
    assert rows
    for row in rows:
        assert len(row) == 3
        assert "::test_" in row[2], row


@pytest.fixture
async def known(client):
    """A patient, and a supporter who may be told all but what must be named."""
    of = await create(client, patient(nhs_number(), birthDate="1980-02-01"))
    person = await create(client, supporter(to(of)))
    await create(client, consent(to(of), name(person)))
    return {"patient": name(of), "recipient": name(person)}


async def test_an_answer_is_not_to_be_kept(client, known):
    assert (await client.get("/Consent/$check-sharing", params=known)).headers["Cache-Control"] == "no-store"


async def answers(client, known, **more):
    response = await client.get("/Consent/$check-sharing", params={**known, **more})
    parameters = response.json()["parameter"]
    return parameters[0]["valueCode"], [each["part"] for each in parameters if each["name"] == "answer"]


async def test_one_deny_among_many_answers_is_the_overall_decision(client, known):
    overall, told = await answers(client, known)
    decisions = [part["valueCode"] for parts in told for part in parts if part["name"] == "decision"]
    assert (overall, set(decisions)) == ("deny", {"permit", "deny"})
    overall, _ = await answers(client, known, scope="medication")
    assert overall == "permit"


async def test_a_deny_says_what_is_still_allowed_and_what_to_do_next(client, known):
    _, told = await answers(client, known)
    for parts in told:
        names = [part["name"] for part in parts]
        denied = any(part["name"] == "decision" and part["valueCode"] == "deny" for part in parts)
        assert ("stillAllowed" in names) == denied
        assert {"reason", "basis", "nextAction"} <= set(names)


def test_the_rules_in_plain_english_name_every_basis_and_the_edition():
    page = (DOCS / "sharing-decision.md").read_text()
    assert f"**edition {EDITION}**" in page
    assert [code for code in DECISION_BASIS.codes if f"**{code}**" not in page] == []


@pytest.mark.parametrize("page", ["clinical-safety.md", "sharing-decision.md", "audit.md"])
def test_the_pages_lead_to_each_other(page):
    assert broken_links(page) == []
