"""A refusal counts everywhere: every organisation's Consents and restrictions, and nothing of them is revealed."""

from typing import Any

import httpx

from app.operations.replay import replay
from app.storage.pool import Database
from app.storage.visibility import EVERYTHING
from tests.operations.asking import answers, parameters
from tests.record.examples import by_number, consent, create, name, nhs_number, patient, supporter, to

UNSEEN = "a record that you may not see"
RESTRICTION = "https://fhir.kith.example/CodeSystem/contact-restriction"
SAFETY = {"system": "http://terminology.hl7.org/CodeSystem/flag-category", "code": "safety"}
FLAG_DETAIL = "http://hl7.org/fhir/StructureDefinition/flag-detail"
NHS = "https://fhir.nhs.uk/Id/nhs-number"

Resource = dict[str, Any]


def refusal(of: Resource, *recipients: str) -> Resource:
    made = consent(of, *recipients, dateTime="2026-02-05T10:00:00Z")
    made["policyRule"]["coding"][0]["code"] = "OPTOUT"
    made["provision"]["type"] = "deny"
    return made


def restriction(of: Resource, *people: str, code: str = "no-contact-safeguarding") -> Resource:
    return {
        "resourceType": "Flag",
        "status": "active",
        "category": [{"coding": [SAFETY]}],
        "code": {"coding": [{"system": RESTRICTION, "code": code}]},
        "subject": of,
        "period": {"start": "2026-01-01"},
        "extension": [{"url": FLAG_DETAIL, "valueReference": {"reference": one}} for one in people],
    }


async def checked(client: httpx.AsyncClient, patient_: Resource, *recipients: str, **more: str) -> httpx.Response:
    given = [("recipient", {"reference": one}) for one in recipients]
    body = parameters(("patient", patient_), *given, *more.items())
    return await client.post("/Consent/$check-sharing", json=body)


async def bases(client: httpx.AsyncClient, patient_: Resource, *recipients: str) -> set[str]:
    answer = await checked(client, patient_, *recipients, scope="care-plan")
    assert answer.status_code == 200, answer.text
    return {one["basis"] for one in answers(answer.json())}


async def test_a_refusal_of_another_organisation_binds_and_is_not_named(ours, theirs):
    number, mum = nhs_number(), nhs_number()
    mine, their = await create(ours, patient(number)), await create(theirs, patient(number))
    known = {"identifier": [{"system": NHS, "value": mum}]}
    here = await create(ours, supporter(to(mine), **known))
    there = await create(theirs, supporter(to(their), **known))
    await create(ours, consent(to(mine), name(here)))
    assert await bases(ours, to(mine), name(here)) == {"patient-consent"}
    refused = await create(theirs, refusal(to(their), name(there)))
    answer = await checked(ours, to(mine), name(here), scope="care-plan")
    [one] = answers(answer.json())
    assert one["basis"] == "patient-refusal"
    assert one["basedOn"] == {"display": UNSEEN}
    for secret in (refused["id"], there["id"], their["id"], "RX2"):
        assert secret not in answer.text
    # They see what it rests on, and not what we recorded.
    [theirs_] = answers((await checked(theirs, to(their), name(there), scope="care-plan")).json())
    assert theirs_["basedOn"] == {"reference": f"{name(refused)}/_history/1"}


async def test_a_restriction_of_another_organisation_keeps_somebody_away_by_the_same_person_rule(ours, trusted):
    number = nhs_number()
    person = [{"family": "Marsh", "given": ["Rob"]}]
    mine, their = await create(ours, patient(number)), await create(trusted, patient(number))
    here, there = [await create(who, supporter(to(of), name=person)) for who, of in ((ours, mine), (trusted, their))]
    await create(ours, consent(to(mine), name(here)))
    flag = await create(trusted, restriction(to(their), name(there)))
    answer = await checked(ours, to(mine), name(here), scope="care-plan")
    assert {one["basis"] for one in answers(answer.json())} == {"possibly-same-person"}
    for secret in (flag["id"], there["id"], their["id"]):
        assert secret not in answer.text


async def test_a_yes_given_to_another_organisation_counts_for_the_same_person(ours, theirs):
    number, mum = nhs_number(), nhs_number()
    mine, their = await create(ours, patient(number)), await create(theirs, patient(number))
    known = {"identifier": [{"system": NHS, "value": mum}]}
    here = await create(ours, supporter(to(mine), **known))
    there = await create(theirs, supporter(to(their), **known))
    await create(theirs, consent(to(their), name(there)))
    [one] = answers((await checked(ours, to(mine), name(here), scope="care-plan")).json())
    assert (one["basis"], one["basedOn"]) == ("patient-consent", {"display": UNSEEN})


async def test_a_supporter_of_another_organisation_is_nobody_to_ask_about(ours, theirs):
    number = nhs_number()
    mine, their = await create(ours, patient(number)), await create(theirs, patient(number))
    there = await create(theirs, supporter(to(their)))
    await create(theirs, consent(to(their), name(there)))
    asked, absent = f"RelatedPerson/{there['id']}", "RelatedPerson/00000000-0000-4000-8000-000000000000"
    one, other = [(await checked(ours, to(mine), who, scope="care-plan")).json() for who in (asked, absent)]
    assert answers(one)[0] | {"recipient": ""} == answers(other)[0] | {"recipient": ""}
    assert answers(one)[0]["basis"] == "recipient-not-linked"
    assert answers((await checked(ours, to(mine))).json()) == []
    assert (await checked(ours, to(their))).status_code == 404
    resource = {"reference": f"RelatedPerson/{there['id']}"}
    asked_for = parameters(("patient", to(mine)), ("recipient", to(mine)))
    asked_for["parameter"].append({"name": "resource", "valueReference": resource})
    found = answers((await ours.post("/Consent/$check-sharing", json=asked_for)).json())
    assert {each["basis"] for each in found} == {"resource-not-found"}


async def test_the_audit_trail_names_nothing_either_and_a_replay_agrees(ours, theirs, client, module_database_url):
    number, mum = nhs_number(), nhs_number()
    mine, their = await create(ours, patient(number)), await create(theirs, patient(number))
    known = {"identifier": [{"system": NHS, "value": mum}]}
    here = await create(ours, supporter(to(mine), **known))
    there = await create(theirs, supporter(to(their), **known))
    refused = await create(theirs, refusal(to(their), name(there)))
    body = (await checked(ours, to(mine), name(here), scope="care-plan")).json()
    [event] = [one["valueReference"]["reference"] for one in body["parameter"] if one["name"] == "auditEvent"]
    shown = (await client.get(f"/{event}")).text
    assert "patient-refusal" in shown
    assert refused["id"] not in shown
    database = Database(module_database_url, size=1)
    await database.open()
    async with database.connection(EVERYTHING) as connection:
        replayed = await replay(connection, int(event.split("/")[1]))
    await database.close()
    assert replayed.is_same, replayed.differences
    search = await client.get("/AuditEvent", params={"entity": f"{name(refused)}", "subtype": "check"})
    assert search.json().get("entry", []) == [] or event.split("/")[1] not in search.text


async def test_every_door_of_the_check_says_the_same(ours, theirs):
    number, mum = nhs_number(), nhs_number()
    mine, their = await create(ours, patient(number)), await create(theirs, patient(number))
    known = {"identifier": [{"system": NHS, "value": mum}]}
    here = await create(ours, supporter(to(mine), **known))
    there = await create(theirs, supporter(to(their), **known))
    refused = await create(theirs, refusal(to(their), name(there)))
    root = str(ours.base_url).removesuffix("/FHIR/R4/")
    question = {
        "subject": {"type": "RelatedPerson", "id": here["id"]},
        "action": {"name": "disclose"},
        "resource": {"type": "patient-information", "id": name(mine), "properties": {"scope": "care-plan"}},
    }
    plain = {"Content-Type": "application/json"}
    told = await ours.post(f"{root}/access/v1/evaluation", json=question, headers=plain)
    assert told.status_code == 200, told.text
    assert told.json()["context"]["basedOn"] == [UNSEEN], told.text
    hook = {
        "hook": "patient-consent-consult",
        "hookInstance": "1",
        "context": {
            "patientId": [{"system": NHS, "value": number}],
            "actor": [{"system": NHS, "value": mum}],
            "category": [{"system": "https://fhir.kith.example/CodeSystem/sharing-scope", "code": "care-plan"}],
        },
    }
    card = await ours.post(f"{root}/cds-services/patient-consent-consult", json=hook, headers=plain)
    assert card.json()["cards"][0]["extension"]["basedOn"] == [UNSEEN], card.text
    short = await ours.post(f"/RelatedPerson/{here['id']}/$record-consent", json=parameters(("decision", "undecided")))
    assert short.status_code in (200, 201), short.text
    for answer in (told, card, short):
        assert refused["id"] not in answer.text
        assert there["id"] not in answer.text


async def test_a_new_supporter_who_may_be_restricted_elsewhere_is_warned_of(ours, trusted):
    number = nhs_number()
    person = [{"family": "Marsh", "given": ["Rob"]}]
    await create(ours, patient(number))
    their = await create(trusted, patient(number))
    there = await create(trusted, supporter(to(their), name=person))
    await create(trusted, restriction(to(their), name(there)))
    answer = await ours.post("/RelatedPerson", json=supporter(by_number(number), name=person))
    assert answer.status_code == 201
    assert "must not be contacted or told" in answer.headers["Warning"]
    assert there["id"] not in answer.headers["Warning"]
