"""Who looked at a patient's record: everything that was done about one patient, by whom, for which organisation."""

from contextlib import AsyncExitStack
from typing import Any

import pytest

from app.fhir import structure
from tests.audited import settled
from tests.callers import acting, granted
from tests.fhir.rules import STRICT
from tests.record.examples import consent, create, name, nhs_number, patient, plan, put, supporter, to

Resource = dict[str, Any]
SCOPES = "system/*.cruds kith/check kith/audit"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
ROLE = "https://fhir.nhs.uk/Id/sds-role-profile-id"
SECRET = "Quillfeather"
IN_CONFIDENCE = {"system": "https://fhir.kith.example/CodeSystem/sharing-label", "code": "given-in-confidence"}


async def looked(client, **asked: str) -> list[Resource]:
    """The AuditEvents that a search finds, once all that waits is written; the newest first, page by page."""
    await settled(client)
    found, url, parameters = [], "/AuditEvent", {"_count": "7", **asked}
    while url:
        answer = await client.get(url, params=parameters)
        assert answer.status_code == 200, answer.text
        found += [entry["resource"] for entry in answer.json().get("entry", ())]
        url = next((link["url"] for link in answer.json()["link"] if link["relation"] == "next"), "")
        parameters = None
    return found


def what(event: Resource) -> str:
    """The interaction of an event, and the type of the record that it was done to."""
    types = [
        entity["type"]["code"] for entity in event["entity"] if entity["type"]["system"].endswith("resource-types")
    ]
    return " ".join([event["subtype"][0]["code"], *types])


@pytest.fixture(scope="module")
async def callers(client):
    async with AsyncExitStack() as stack:

        async def caller(*scope: str, **of: Any):
            return await stack.enter_async_context(acting(client, granted(*(scope or (SCOPES,)), **of)))

        yield caller


@pytest.fixture(scope="module")
async def staff(callers):
    made = await callers()
    made.headers["NHSD-Session-URID"] = "555021935107"
    return made


async def test_all_that_is_done_about_a_patient_is_found_by_the_patient(staff):
    number = nhs_number()
    person = await create(staff, patient(number))
    friend = await create(staff, supporter(to(person)))
    agreed = await create(staff, consent(to(person), name(friend)))
    await put(staff, {**agreed, "status": "inactive"})
    made = await create(staff, plan(to(person)))
    await staff.get(f"/{name(made)}")
    await staff.get(f"/{name(made)}/_history")
    await staff.get(f"/{name(made)}/_history/1")
    await staff.get(f"/CarePlan?subject:Patient={person['id']}")
    await staff.get(f"/{name(person)}/$everything")
    await staff.get("/Consent/$check-sharing", params={"patient": name(person), "recipient": name(friend)})
    await staff.delete(f"/{name(made)}")
    events = await looked(staff, patient=number)
    assert sorted(map(what, events)) == sorted(
        [
            "create Patient",
            "create RelatedPerson",
            "create Consent",
            "update Consent",
            "create CarePlan",
            "read CarePlan",
            "history-instance CarePlan",
            "vread CarePlan",
            "search-type",
            "operation Patient",
            "operation Patient",
            "delete CarePlan",
        ]
    )
    for event in events:
        assert structure.check(event, STRICT).issues == ()
        who = [agent["who"]["identifier"] for agent in event["agent"] if "who" in agent]
        assert who == [{"system": ROLE, "value": "555021935107"}, {"system": ODS, "value": "RX1"}]
        assert [agent["name"] for agent in event["agent"] if "name" in agent] == ["client-rx1"]


async def test_a_search_that_showed_several_patients_is_found_by_each(staff):
    people = [await create(staff, patient(nhs_number(), name=[{"family": "Manyfold"}])) for _ in range(3)]
    other = await create(staff, patient(nhs_number()))
    assert (await staff.get("/Patient?family=manyfold")).json()["total"] == 3
    await staff.get("/Patient/_history?_count=4")
    for person in people:
        events = {what(event): event for event in await looked(staff, patient=name(person))}
        assert sorted(events) == ["create Patient", "history-type", "search-type"]
        search = events["search-type"]
        assert structure.check(search, STRICT).issues == ()
        named = {entity["what"]["reference"] for entity in search["entity"] if "reference" in entity.get("what", {})}
        assert named == {name(each) for each in people}
    assert [what(event) for event in await looked(staff, patient=name(other))] == ["history-type", "create Patient"]


@pytest.mark.parametrize(
    "search", ["CarePlan?patient={}", "Consent?patient={}&_summary=count", "Flag?patient={},nobody"]
)
async def test_who_looks_for_somebody_and_finds_nothing_has_looked(staff, search):
    number = nhs_number()
    person = await create(staff, patient(number))
    for named in (number, person["id"]):
        await staff.get(f"/{search.format(named)}")
    found = sorted(what(event) for event in await looked(staff, patient=name(person)))
    assert found == ["create Patient", "search-type", "search-type"]


async def test_a_number_that_nobody_had_yet_is_found_when_somebody_has_it(staff):
    number = nhs_number()
    await staff.get(f"/CarePlan?patient={number}")
    await staff.get(f"/CarePlan?patient:identifier=https://fhir.nhs.uk/Id/nhs-number|{number}")
    person = await create(staff, patient(number))
    found = [what(event) for event in await looked(staff, patient=name(person))]
    assert sorted(found) == ["create Patient", "search-type", "search-type"]


async def test_another_organisation_is_not_told(callers, staff):
    person = await create(staff, patient(nhs_number()))
    theirs = await callers(organisation="RX2", sees=("RX1",))
    await theirs.get(f"/{name(person)}")
    assert [what(event) for event in await looked(staff, patient=name(person))] == ["create Patient"]
    assert [what(event) for event in await looked(theirs, patient=name(person))] == ["read Patient"]


@pytest.fixture(scope="module")
async def told(callers, staff):
    """A patient, those who looked, what is hidden from the patient, and a client that faces the patient."""
    trusted = await callers(f"{SCOPES} kith/restrictions")
    person = await create(staff, patient(nhs_number(), name=[{"family": "Seen"}]))
    other = await create(staff, patient(nhs_number(), name=[{"family": "Seen"}]))
    friend = await create(staff, supporter(to(person), name=[{"family": SECRET}]))
    confided = await create(trusted, {**plan(to(person), title=SECRET), "meta": {"security": [IN_CONFIDENCE]}})
    shown = await create(staff, plan(to(person)))
    for record in (friend, shown):
        await staff.get(f"/{name(record)}")
    await trusted.get(f"/{name(confided)}")
    await staff.get(f"/RelatedPerson?patient={person['id']}&name={SECRET}")
    await staff.get("/Patient?family=seen")
    await staff.get("/Consent/$check-sharing", params={"patient": name(person), "recipient": name(friend)})
    theirs = await callers("system/*.rs kith/audit", facing="patient", patient=person["id"])
    return person, theirs, (other, friend, confided), shown


async def test_a_patient_sees_who_looked_and_no_word_of_what_is_hidden(told):
    person, theirs, hidden, shown = told
    events = await looked(theirs)
    assert sorted(map(what, events)) == sorted(
        [
            "create Patient",  # the Patient
            "create",  # a supporter
            "create",  # in confidence
            "create CarePlan",
            "read",
            "read CarePlan",
            "read",
            "search-type",
            "search-type",
            "operation Patient",  # a check
        ]
    )
    text = str(events)
    for record in hidden:
        assert record["id"] not in text
    assert SECRET not in text
    assert "query" not in text
    assert "outcomeDesc" not in text
    assert "client-rx1" not in text
    assert shown["id"] in text
    for event in events:
        assert structure.check(event, STRICT).issues == ()
        about = [entity.get("what", {}).get("reference", "") for entity in event["entity"]]
        assert any(reference.startswith(name(person)) for reference in about)
        assert {"identifier": {"system": ODS, "value": "RX1"}} in [agent.get("who") for agent in event["agent"]]
        assert (await theirs.get(f"/AuditEvent/{event['id']}")).json() == event


async def test_no_criterion_finds_what_a_patient_is_not_told(told):
    _, theirs, (other, friend, confided), shown = told
    for hidden in (friend, confided):
        assert await looked(theirs, entity=name(hidden)) == []
    assert len(await looked(theirs, entity=name(shown))) == 2
    assert await looked(theirs, patient=name(other)) == []
    assert await looked(theirs, **{"agent-name": "client"}) == []
    assert await looked(theirs, patient=other["identifier"][0]["value"]) == []


async def test_a_patient_reads_no_event_about_somebody_else(callers, told):
    _, theirs, (other, *_), _ = told
    stranger = await callers("system/*.rs kith/audit", facing="patient", patient=other["id"])
    own = {event["id"] for event in await looked(theirs)}
    for event in await looked(stranger):
        answer = await theirs.get(f"/AuditEvent/{event['id']}")
        assert answer.status_code == (200 if event["id"] in own else 404)
    assert {what(event) for event in await looked(stranger)} >= {"create Patient", "search-type"}


async def test_who_faces_a_carer_or_nobody_is_told_nothing(callers, told):
    person, theirs, *_ = told
    carer = await callers("system/*.rs kith/audit", facing="carer", patient=person["id"])
    nobody = await callers("system/*.rs kith/audit", facing="patient", patient="")
    for caller in (carer, nobody):
        assert await looked(caller) == []
        for event in await looked(theirs):
            assert (await caller.get(f"/AuditEvent/{event['id']}")).status_code == 404
