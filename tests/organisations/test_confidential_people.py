"""A supporter whose record is confidential is nobody to whoever may not read it, and so is what is told of them."""

import pytest

from tests.callers import acting, granted
from tests.operations.asking import answers, parameters
from tests.operations.worklists import concern, episode, main_carer
from tests.record.examples import create, name, nhs_number, organization, patient, supporter, to
from tests.rules import rules_of

SCOPES = "system/*.cruds kith/check"
TRUSTED = f"{SCOPES} kith/restrictions kith/override"
RESTRICTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
CONFIDENCE = {"system": "https://fhir.kith.example/CodeSystem/sharing-label", "code": "given-in-confidence"}
ABSENT = "RelatedPerson/00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
async def callers(client):
    """Staff, a client that may only ask, and staff who may read what is confidential: of one organisation."""
    kinds = {"staff": SCOPES, "checks": "kith/check", "trusted": TRUSTED}
    return {kind: acting(client, granted(scope, organisation="RX1")) for kind, scope in kinds.items()}


@pytest.fixture(scope="module")
async def record(callers):
    """A patient with a mother, and a neighbour of whom few may know."""
    trusted = callers["trusted"]
    of, team = await create(trusted, patient(nhs_number())), await create(trusted, organization())
    await create(trusted, episode(to(of), team))
    mum = await create(trusted, main_carer(to(of)))
    hidden = await create(trusted, main_carer(to(of), meta={"security": [RESTRICTED]}, name=[{"family": "Vane"}]))
    return {"of": of, "team": team, "mum": mum, "hidden": hidden}


async def asked(caller, of, *recipients):
    body = parameters(("patient", to(of)), *(("recipient", {"reference": each}) for each in recipients))
    answer = await caller.post("/Consent/$check-sharing", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(("kind", "told"), [("staff", False), ("checks", False), ("trusted", True)])
async def test_who_may_not_read_of_somebody_is_not_told_of_them_by_a_check(callers, record, kind, told):
    everybody = await asked(callers[kind], record["of"])
    assert name(record["mum"]) in str(everybody)
    assert (name(record["hidden"]) in str(everybody)) is told


@pytest.mark.parametrize("kind", ["staff", "checks"])
async def test_somebody_confidential_is_asked_about_as_nobody(callers, record, kind):
    found, nothing = [
        answers(await asked(callers[kind], record["of"], each))[0] for each in (name(record["hidden"]), ABSENT)
    ]
    assert found["basis"] == nothing["basis"] == "recipient-not-linked"
    assert {**found, "recipient": ""} == {**nothing, "recipient": ""}


async def test_a_label_that_was_taken_away_hides_nobody(callers):
    trusted = callers["trusted"]
    of = await create(trusted, patient(nhs_number()))
    person = await create(trusted, supporter(to(of), meta={"security": [RESTRICTED]}))
    assert name(person) not in str(await asked(callers["checks"], of))
    assert (await trusted.put(f"/{name(person)}", json={**person, "meta": {"versionId": "1"}})).status_code == 200
    assert name(person) in str(await asked(callers["checks"], of))


async def test_a_task_of_the_rules_is_as_confidential_as_what_it_tells_of(callers, record, module_database_url):
    trusted, of, mum, hidden = callers["trusted"], record["of"], record["mum"], record["hidden"]
    told = concern(to(of), mum, told=30) | {"meta": {"security": [CONFIDENCE]}}
    secret = await create(trusted, told)
    async with rules_of(module_database_url)() as apply:
        await apply()
    found = {}
    for kind in ("staff", "trusted"):
        page = (await callers[kind].get("/Task", params={"focus": name(of), "_count": "100"})).json()
        found[kind] = [entry["resource"] for entry in page["entry"]]
        assert (name(hidden) in str(page)) is (name(secret) in str(page)) is (kind == "trusted")
    assert {task["for"]["reference"] for task in found["staff"]} == {name(mum)}
    labels = [task["meta"]["security"] for task in found["trusted"] if "security" in task["meta"]]
    assert [RESTRICTED] in labels
    assert [CONFIDENCE] in labels
