"""One Patient for each NHS number, and who takes a record over."""

import asyncio

from tests.record.examples import (
    NHS_NUMBER,
    by_number,
    consent,
    create,
    found,
    issue,
    name,
    nhs_number,
    patient,
    put,
    supporter,
)


async def patient_of(client, number):
    (id_,) = await found(client, f"/Patient?identifier={NHS_NUMBER}|{number}")
    return (await client.get(f"/Patient/{id_}")).json()


async def test_there_is_one_patient_for_each_number(client):
    number = nhs_number()
    known = await create(client, patient(number))
    for response in (
        await client.post("/Patient", json=patient(number)),
        await put(client, patient(number, id="another")),
    ):
        assert response.status_code == 409
        assert issue(response)["expression"] == ["Patient.identifier"]
        assert name(known) in issue(response)["diagnostics"]
    assert await found(client, f"/Patient?identifier={number}") == {known["id"]}


async def test_another_patient_cannot_take_a_number_by_update(client):
    known = await create(client, patient(nhs_number()))
    other = await create(client, patient(nhs_number()))
    response = await put(client, {**other, "identifier": known["identifier"]})
    assert response.status_code == 409
    assert (await client.get(f"/{name(other)}")).json() == other


async def test_many_patients_at_once_with_one_number_are_one(client):
    number = nhs_number()
    sent = [patient(number, id=f"race-{index}") for index in range(16)]
    responses = await asyncio.gather(
        *(put(client, each) for each in sent[:8]), *(client.post("/Patient", json=each) for each in sent[8:])
    )
    codes = [response.status_code for response in responses]
    assert codes.count(201) == 1
    assert codes.count(409) == 15
    assert len(await found(client, f"/Patient?identifier={number}")) == 1


async def test_the_real_patient_takes_the_place_of_the_minimal_one_by_create(client):
    number = nhs_number()
    person = await create(client, supporter(by_number(number)))
    minimal = await patient_of(client, number)
    response = await client.post("/Patient", json=patient(number))
    assert response.status_code == 201
    real = response.json()
    assert (real["id"], real["meta"]["versionId"]) == (minimal["id"], "2")
    assert response.headers["Location"].endswith(f"/Patient/{real['id']}/_history/2")
    assert "tag" not in real["meta"]
    assert await found(client, f"/RelatedPerson?patient={real['id']}") == {person["id"]}
    again = await client.post("/Patient", json=patient(number))
    assert again.status_code == 409


async def test_the_real_patient_takes_the_record_over_by_update_under_an_id_of_its_own(client):
    number = nhs_number()
    person = await create(client, supporter(by_number(number)))
    agreed = await create(client, consent(by_number(number), name(person)))
    minimal = await patient_of(client, number)
    id_ = f"real-{number[-3:]}"
    assert (await put(client, patient(number, id=id_))).status_code == 201
    for search in (f"patient={id_}", f"patient={minimal['id']}", f"patient:identifier={NHS_NUMBER}|{number}"):
        assert await found(client, f"/RelatedPerson?{search}") == {person["id"]}, search
        assert await found(client, f"/Consent?{search}") == {agreed["id"]}, search
    ended = (await client.get(f"/{name(minimal)}")).json()
    assert ended["link"] == [{"other": {"reference": f"Patient/{id_}"}, "type": "replaced-by"}]
    assert ended["active"] is False
    assert await found(client, f"/Patient?identifier={number}") == {id_}
    later = await create(client, supporter(by_number(number)))
    assert await found(client, f"/RelatedPerson?patient={id_}") == {person["id"], later["id"]}


async def test_a_patient_who_gets_a_number_takes_the_record_that_waits_for_it(client):
    number = nhs_number()
    known = await create(client, patient(nhs_number()))
    person = await create(client, supporter(by_number(number)))
    both = {**known, "identifier": [*known["identifier"], {"system": NHS_NUMBER, "value": number}]}
    assert (await put(client, both)).status_code == 200
    assert await found(client, f"/RelatedPerson?patient={known['id']}") == {person["id"]}


async def test_a_changed_number_keeps_the_record_and_frees_the_old_one(client):
    old, new = nhs_number(), nhs_number()
    known = await create(client, patient(old))
    before = await create(client, supporter(by_number(old)))
    assert (await put(client, patient(new, id=known["id"]))).status_code == 200
    after = await create(client, supporter(by_number(new)))
    assert await found(client, f"/RelatedPerson?patient={known['id']}") == {before["id"], after["id"]}
    assert await found(client, f"/RelatedPerson?patient={new}") == {before["id"], after["id"]}
    assert await found(client, f"/Patient?identifier={old}") == set()
    other = await create(client, patient(old))
    assert other["id"] != known["id"]
