"""One patient, one record, however the patient is named."""

import asyncio

import pytest

from tests.conftest import running
from tests.record.examples import (
    NHS_NUMBER,
    by_number,
    consent,
    create,
    found,
    issue,
    name,
    nhs_number,
    organization,
    patient,
    plan,
    put,
    supporter,
    team,
    to,
)

PDS = "https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient"


def ways(number, id_):
    """Every way to name a patient: by number, and by the id that the Patient has here."""
    return {
        "identifier": by_number(number),
        "identifier without a type": {"identifier": {"system": NHS_NUMBER, "value": number}},
        "ten digits": {"reference": f"Patient/{number}"},
        "ten digits under our address": {"reference": f"http://kith.test/FHIR/R4/Patient/{number}"},
        "PDS": {"reference": f"{PDS}/{number}"},
        "PDS sandbox": {"reference": f"https://sandbox.{PDS.removeprefix('https://')}/{number}"},
        "literal": {"reference": f"Patient/{id_}"},
        "absolute": {"reference": f"http://kith.test/FHIR/R4/Patient/{id_}"},
        "versioned": {"reference": f"Patient/{id_}/_history/1"},
    }


def searches(number, id_):
    return [
        f"patient=Patient/{id_}",
        f"patient={id_}",
        f"patient=http://kith.test/FHIR/R4/Patient/{id_}",
        f"patient=Patient/{number}",
        f"patient={number}",
        f"patient={PDS}/{number}",
        f"patient:Patient={id_}",
        f"patient:identifier={NHS_NUMBER}|{number}",
    ]


async def test_every_way_to_name_a_patient_leads_to_one_record(client):
    number = nhs_number()
    known = await create(client, patient(number))
    stored = {}
    for way, reference in ways(number, known["id"]).items():
        stored[way] = await create(client, consent(reference, status="draft"))
        assert stored[way]["patient"] == reference, way
    expected = {each["id"] for each in stored.values()}
    for search in searches(number, known["id"]):
        assert await found(client, f"/Consent?{search}") == expected, search
    assert await found(client, f"/Patient?identifier={number}") == {known["id"]}


async def patient_of(client, number):
    (id_,) = await found(client, f"/Patient?identifier={NHS_NUMBER}|{number}")
    return (await client.get(f"/Patient/{id_}")).json()


@pytest.mark.parametrize("way", ["identifier", "identifier without a type", "ten digits", "PDS"])
async def test_an_unknown_number_makes_one_minimal_patient(client, way):
    number = nhs_number()
    person = await create(client, supporter(ways(number, "")[way]))
    made = await patient_of(client, number)
    assert made["identifier"] == [{"system": NHS_NUMBER, "value": number}]
    assert [tag["code"] for tag in made["meta"]["tag"]] == ["unverified"]
    assert set(made) == {"resourceType", "id", "meta", "identifier"}
    assert made["meta"]["versionId"] == "1"
    for search in searches(number, made["id"]):
        assert await found(client, f"/RelatedPerson?{search}") == {person["id"]}, search


async def test_unverified_patients_are_listed_by_their_tag(client):
    number = nhs_number()
    await create(client, supporter(by_number(number)))
    made = await patient_of(client, number)
    (tag,) = made["meta"]["tag"]
    assert made["id"] in await found(client, f"/Patient?_tag={tag['system']}|{tag['code']}&_count=500")


async def test_an_update_may_name_an_unknown_number_too(client):
    number = nhs_number()
    response = await put(client, supporter(by_number(number), id="by-put"))
    assert response.status_code == 201
    await patient_of(client, number)


async def test_a_write_that_is_refused_makes_no_patient(client):
    numbers = [nhs_number() for _ in range(3)]
    refused = [
        await client.post("/RelatedPerson", json=supporter(by_number(numbers[0]), gender="x")),
        await client.post("/Consent", json=consent(by_number(numbers[1]), "RelatedPerson/nobody")),
        await put(client, plan(by_number(numbers[2]), id="p"), **{"If-Match": 'W/"1"'}),
    ]
    assert [response.status_code for response in refused] == [422, 422, 412]
    for number in numbers:
        assert await found(client, f"/Patient?identifier={number}") == set()


async def test_a_search_or_a_read_makes_no_patient(client):
    number = nhs_number()
    for search in searches(number, "nobody"):
        assert await found(client, f"/Consent?{search}") == set()
    assert (await client.get(f"/Patient/{number}")).status_code == 404
    assert await found(client, f"/Patient?identifier={number}") == set()


@pytest.mark.parametrize("bad", ["9990000019", "999 000 0018", "999000001", "99900000180", "999000001X", ""])
async def test_a_number_that_is_none_makes_no_patient(client, bad):
    before = (await client.get("/Patient?_summary=count")).json()["total"]
    response = await client.post("/RelatedPerson", json=supporter(by_number(bad)))
    assert response.status_code == 422
    assert issue(response)["expression"] == ["RelatedPerson.patient.identifier.value"]
    assert (await client.get("/Patient?_summary=count")).json()["total"] == before


@pytest.mark.parametrize("way", ["ten digits", "ten digits under our address", "PDS", "PDS sandbox"])
async def test_a_number_with_a_wrong_check_digit_makes_no_patient_however_it_comes(client, way):
    response = await client.post("/RelatedPerson", json=supporter(ways("9990000019", "nobody")[way]))
    assert response.status_code == 422
    assert issue(response)["expression"] == ["RelatedPerson.patient"]
    assert await found(client, "/Patient?identifier=9990000019") == set()


async def test_the_check_digit_rule_can_be_turned_off(module_database_url):
    async with running(module_database_url, check_nhs_numbers=False) as lenient:
        await create(lenient, supporter(by_number("9000000005")))
        await create(lenient, supporter({"reference": "Patient/9000000010"}))
        for number in ("9000000005", "9000000010"):
            assert len(await found(lenient, f"/Patient?identifier={number}")) == 1


async def test_an_identifier_of_another_system_is_kept_and_makes_no_patient(client):
    logical = {"type": "Patient", "identifier": {"system": "https://trust.example.org/local", "value": nhs_number()}}
    stored = await create(client, plan(logical))
    assert stored["subject"] == logical
    assert await found(client, f"/Patient?identifier={logical['identifier']['value']}") == set()


async def test_many_creates_at_once_for_one_unknown_number_make_one_patient(client):
    number = nhs_number()
    named = [way for key, way in ways(number, "").items() if key not in ("literal", "absolute", "versioned")]
    sent = [supporter(named[index % len(named)]) for index in range(32)]
    responses = await asyncio.gather(*(client.post("/RelatedPerson", json=each) for each in sent))
    assert {response.status_code for response in responses} == {201}
    made = await patient_of(client, number)
    stored = await found(client, f"/RelatedPerson?patient={made['id']}&_count=100")
    assert stored == {response.json()["id"] for response in responses}


async def test_a_record_cannot_move_to_another_patient(client):
    known, other = await create(client, patient(nhs_number())), await create(client, patient(nhs_number()))
    for resource, element in (
        (supporter(to(known)), "patient"),
        (consent(to(known)), "patient"),
        (plan(to(known)), "subject"),
    ):
        stored = await create(client, resource)
        for elsewhere in (to(other), by_number(other["identifier"][0]["value"]), by_number(nhs_number())):
            response = await put(client, {**stored, element: elsewhere})
            assert response.status_code == 422
            assert issue(response)["expression"] == [f"{stored['resourceType']}.{element}"]
        assert (await client.get(f"/{name(stored)}")).json() == stored


async def test_a_record_cannot_lose_its_patient(client):
    stored = await create(client, team(by_number(nhs_number())))
    without = {key: value for key, value in stored.items() if key != "subject"}
    response = await put(client, without)
    assert response.status_code == 422
    assert issue(response)["expression"] == ["CareTeam.subject"]


async def test_a_record_of_nobody_may_get_a_patient(client):
    stored = await create(client, {"resourceType": "CareTeam", "status": "active"})
    number = nhs_number()
    assert (await put(client, {**stored, "subject": by_number(number)})).status_code == 200
    assert await found(client, f"/CareTeam?patient={number}") == {stored["id"]}


async def test_a_record_may_name_its_patient_another_way(client):
    number = nhs_number()
    known = await create(client, patient(number))
    stored = await create(client, consent(to(known)))
    for reference in ways(number, known["id"]).values():
        assert (await put(client, {**stored, "patient": reference})).status_code == 200


async def test_what_was_deleted_comes_back_to_its_own_patient_only(client):
    stored = await create(client, supporter(by_number(nhs_number())))
    await client.delete(f"/{name(stored)}")
    assert (await put(client, {**stored, "patient": by_number(nhs_number())})).status_code == 422
    assert (await put(client, stored)).status_code == 201


async def test_what_is_of_no_patient_is_of_no_record(client):
    place = await create(client, organization())
    assert (await put(client, place)).status_code == 200
