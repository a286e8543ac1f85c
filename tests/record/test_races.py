"""Writers who meet: nothing is lost, nothing is done twice, and nobody gets a failure of the service for it."""

import asyncio
from collections import Counter

from tests.conftest import running
from tests.record.examples import (
    by_number,
    consent,
    create,
    found,
    name,
    nhs_number,
    organization,
    patient,
    plan,
    practitioner,
    put,
    supporter,
    to,
)


async def test_of_updates_at_once_with_one_etag_exactly_one_happens(client):
    stored = await create(client, practitioner())
    sent = [{**stored, "identifier": [{"value": f"{index}"}]} for index in range(16)]
    responses = await asyncio.gather(*(put(client, each, **{"If-Match": 'W/"1"'}) for each in sent))
    codes = Counter(response.status_code for response in responses)
    assert codes == {200: 1, 412: 15}
    winner = next(response.json() for response in responses if response.status_code == 200)
    assert (await client.get(f"/{name(stored)}")).json() == winner
    assert winner["meta"]["versionId"] == "2"


async def test_updates_at_once_without_an_etag_all_happen_one_after_the_other(client):
    stored = await create(client, practitioner())
    sent = [{**stored, "identifier": [{"value": f"{index}"}]} for index in range(16)]
    responses = await asyncio.gather(*(put(client, each) for each in sent))
    assert {response.status_code for response in responses} == {200}
    assert sorted(int(response.json()["meta"]["versionId"]) for response in responses) == list(range(2, 18))
    history = (await client.get(f"/{name(stored)}/_history?_count=100")).json()
    values = [entry["resource"]["identifier"][0]["value"] for entry in history["entry"][:-1]]
    assert sorted(values, key=int) == [str(index) for index in range(16)]
    times = [entry["response"]["lastModified"] for entry in history["entry"]]
    assert times == sorted(times, reverse=True)


async def test_creates_at_once_under_one_id_make_it_once(client):
    sent = [practitioner(id="once", identifier=[{"value": f"{index}"}]) for index in range(16)]
    responses = await asyncio.gather(*(put(client, each) for each in sent))
    assert Counter(response.status_code for response in responses) == {201: 1, 200: 15}
    assert (await client.get("/Practitioner/once/_history?_count=100")).json()["total"] == 16


async def test_only_one_of_those_who_only_want_to_create_does(client):
    sent = [practitioner(id="only-once") for _ in range(16)]
    responses = await asyncio.gather(*(put(client, each, **{"If-None-Match": "*"}) for each in sent))
    assert Counter(response.status_code for response in responses) == {201: 1, 412: 15}


async def test_deletes_at_once_delete_once(client):
    stored = await create(client, practitioner())
    responses = await asyncio.gather(*(client.delete(f"/{name(stored)}") for _ in range(16)))
    assert {response.status_code for response in responses} == {204}
    assert (await client.get(f"/{name(stored)}/_history")).json()["total"] == 2


async def test_of_deletes_at_once_with_one_etag_one_happens(client):
    stored = await create(client, practitioner())
    header = {"If-Match": 'W/"1"'}
    responses = await asyncio.gather(*(client.delete(f"/{name(stored)}", headers=header) for _ in range(8)))
    assert Counter(response.status_code for response in responses) == {204: 1, 412: 7}


async def test_updates_and_deletes_at_once_leave_a_history_without_gaps(client):
    stored = await create(client, practitioner())
    work = [put(client, stored) if index % 2 else client.delete(f"/{name(stored)}") for index in range(16)]
    responses = await asyncio.gather(*work)
    assert {response.status_code for response in responses} <= {200, 201, 204}
    history = (await client.get(f"/{name(stored)}/_history?_count=100")).json()
    numbers = [int(entry["response"]["etag"].strip('W/"')) for entry in history["entry"]]
    assert numbers == list(range(len(numbers), 0, -1))


async def test_a_reference_and_the_deletion_of_its_target_never_both_happen(client):
    """Over two services, each with connections of its own."""
    outcomes = Counter()
    for index in range(40):
        target = await create(client, organization())
        refers = {"resourceType": "PractitionerRole", "organization": to(target)}
        deleting, creating = client.delete(f"/{name(target)}"), client.post("/PractitionerRole", json=refers)
        pair = (deleting, creating) if index % 2 else (creating, deleting)
        first, second = await asyncio.gather(*pair)
        deleted, created = (first, second) if index % 2 else (second, first)
        outcomes[deleted.status_code, created.status_code] += 1
    assert set(outcomes) <= {(204, 422), (409, 201)}, outcomes


async def test_an_update_to_a_reference_and_the_deletion_of_its_target_never_both_happen(client, module_database_url):
    role = await create(client, {"resourceType": "PractitionerRole", "code": [{"text": "x"}]})
    outcomes = Counter()
    async with running(module_database_url) as other:
        for _ in range(30):
            target = await create(client, organization())
            deleted, updated = await asyncio.gather(
                other.delete(f"/{name(target)}"), put(client, {**role, "organization": to(target)})
            )
            outcomes[deleted.status_code, updated.status_code] += 1
    assert set(outcomes) <= {(204, 422), (409, 200)}, outcomes


async def test_resources_that_refer_to_each_other_can_change_at_once(client):
    left, right = await create(client, organization()), await create(client, organization())
    work = []
    for _ in range(4):
        work.append(put(client, {**left, "partOf": to(right)}))
        work.append(put(client, {**right, "partOf": to(left)}))
        both = [to(left), to(right)]
        work.append(client.post("/CarePlan", json=plan(by_number("9990000018"), contributor=both)))
        work.append(client.post("/CarePlan", json=plan(by_number("9990000018"), contributor=both[::-1])))
    responses = await asyncio.gather(*work)
    assert {response.status_code for response in responses} <= {200, 201}


async def test_what_was_acknowledged_can_be_read_and_found_at_once(client):
    async def write_and_look(index):
        number = nhs_number()
        person = await client.post("/RelatedPerson", json=supporter(by_number(number)))
        assert person.status_code == 201
        id_ = person.json()["id"]
        assert (await client.get(f"/RelatedPerson/{id_}")).json() == person.json()
        assert await found(client, f"/RelatedPerson?patient={number}") == {id_}
        changed = await put(client, {**person.json(), "name": [{"family": f"Changed{index}"}]})
        assert changed.status_code == 200
        assert await found(client, f"/RelatedPerson?patient={number}&name=Changed{index}") == {id_}
        await client.delete(f"/RelatedPerson/{id_}")
        assert await found(client, f"/RelatedPerson?patient={number}") == set()

    await asyncio.gather(*(write_and_look(index) for index in range(24)))


async def test_a_patient_and_what_names_them_may_arrive_in_any_order_at_once(client):
    for round_ in range(6):
        number = nhs_number()
        id_ = f"arriving-{round_}"
        real, *responses = await asyncio.gather(
            put(client, patient(number, id=id_)),
            *(client.post("/RelatedPerson", json=supporter(by_number(number))) for _ in range(6)),
            *(client.post("/Consent", json=consent(by_number(number), status="draft")) for _ in range(6)),
        )
        assert real.status_code == 201
        assert {response.status_code for response in responses} == {201}
        assert len(await found(client, f"/RelatedPerson?patient={id_}")) == 6
        assert len(await found(client, f"/Consent?patient={number}")) == 6
        assert await found(client, f"/Patient?identifier={number}") == {id_}
