"""Patient.link replaced-by: two Patients, one record. https://hl7.org/fhir/R4/patient.html#links"""

import asyncio

import asyncpg
import pytest

from tests.conftest import running
from tests.record.examples import (
    NHS_NUMBER,
    by_number,
    create,
    found,
    issue,
    name,
    nhs_number,
    patient,
    put,
    supporter,
    to,
)


def replaced(old, new):
    return {**old, "active": False, "link": [{"other": {"reference": name(new)}, "type": "replaced-by"}]}


async def known(client):
    """A Patient with an NHS number, and a supporter."""
    stored = await create(client, patient(nhs_number()))
    return stored, await create(client, supporter(to(stored)))


def number_of(stored):
    return stored["identifier"][0]["value"]


async def supporters(client, of):
    return await found(client, f"/RelatedPerson?patient={of}")


async def test_searches_by_either_find_the_records_of_both(client):
    (old, first), (new, second) = await known(client), await known(client)
    assert (await put(client, replaced(old, new))).status_code == 200
    for of in (old["id"], new["id"], number_of(old), number_of(new)):
        assert await supporters(client, of) == {first["id"], second["id"]}


async def test_what_comes_later_for_either_is_found_by_both(client):
    (old, first), (new, second) = await known(client), await known(client)
    await put(client, replaced(old, new))
    later = [await create(client, supporter(of)) for of in (to(old), by_number(number_of(old)), to(new))]
    expected = {first["id"], second["id"], *(each["id"] for each in later)}
    for of in (old["id"], new["id"], number_of(old)):
        assert await supporters(client, of) == expected


async def test_a_record_may_change_from_one_to_the_other(client):
    (old, first), (new, _) = await known(client), await known(client)
    await put(client, replaced(old, new))
    assert (await put(client, {**first, "patient": to(new)})).status_code == 200


async def test_a_patient_may_arrive_replaced_already(client):
    new, first = await known(client)
    await create(client, replaced(patient(), new))
    old = (await put(client, replaced(patient(id="arrived-replaced"), new))).json()
    later = await create(client, supporter(to(old)))
    assert await supporters(client, new["id"]) == {first["id"], later["id"]}


async def test_replacements_chain(client):
    (a, of_a), (b, of_b), (c, of_c) = [await known(client) for _ in range(3)]
    await put(client, replaced(a, b))
    await put(client, replaced(b, c))
    expected = {of_a["id"], of_b["id"], of_c["id"]}
    for of in (a["id"], b["id"], c["id"], number_of(a), number_of(b)):
        assert await supporters(client, of) == expected
    later = await create(client, supporter(to(a)))
    assert await supporters(client, c["id"]) == {*expected, later["id"]}


async def test_replacements_chain_in_either_order(client):
    (a, of_a), (b, of_b), (c, of_c) = [await known(client) for _ in range(3)]
    await put(client, replaced(b, c))
    await put(client, replaced(a, b))
    for of in (a["id"], b["id"], c["id"]):
        assert await supporters(client, of) == {of_a["id"], of_b["id"], of_c["id"]}


async def test_a_replaced_patient_stays_so(client):
    (old, _), (new, _) = await known(client), await known(client)
    await put(client, replaced(old, new))
    response = await put(client, old)
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Patient.link"]


async def test_a_replaced_patient_cannot_take_the_other_record_elsewhere(client):
    (old, first), (new, second), (third, of_third) = [await known(client) for _ in range(3)]
    await put(client, replaced(old, new))
    response = await put(client, replaced(old, third))
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Patient.link"]
    assert await supporters(client, new["id"]) == {first["id"], second["id"]}
    assert await supporters(client, third["id"]) == {of_third["id"]}


async def test_a_replaced_patient_may_change_in_other_ways(client):
    (old, first), (new, second) = await known(client), await known(client)
    await put(client, replaced(old, new))
    assert (await put(client, {**replaced(old, new), "gender": "female"})).status_code == 200
    assert await supporters(client, old["id"]) == {first["id"], second["id"]}


async def test_two_patients_may_not_replace_each_other(client):
    (a, of_a), (b, of_b) = await known(client), await known(client)
    await put(client, replaced(a, b))
    response = await put(client, replaced(b, a))
    assert response.status_code in (200, 422)
    for of in (a["id"], b["id"]):
        assert await supporters(client, of) == {of_a["id"], of_b["id"]}


async def test_a_patient_is_not_replaced_by_itself_by_whatever_name(client):
    stored, first = await known(client)
    number = by_number(number_of(stored))
    for itself in (to(stored), {"reference": f"http://kith.test/FHIR/R4/{name(stored)}"}, number):
        response = await put(client, {**stored, "link": [{"other": itself, "type": "replaced-by"}]})
        assert response.status_code == 422
        assert issue(response)["expression"] == ["Patient.link"]
    assert await supporters(client, stored["id"]) == {first["id"]}
    fresh = patient(nhs_number(), link=[{"other": number, "type": "replaced-by"}])
    fresh["link"][0]["other"] = by_number(number_of(fresh))
    assert (await client.post("/Patient", json=fresh)).status_code == 422


async def test_the_link_must_lead_to_somebody(client):
    old, _ = await known(client)
    response = await put(client, replaced(old, {"resourceType": "Patient", "id": "nobody"}))
    assert response.status_code == 422
    assert issue(response)["expression"] == ["Patient.link[0].other"]


async def test_the_successor_may_take_the_number_of_the_one_it_replaces(client):
    (old, first), (new, second) = await known(client), await known(client)
    await put(client, replaced(old, new))
    both = {**new, "identifier": [*new["identifier"], *old["identifier"]]}
    response = await put(client, both)
    assert response.status_code == 200, response.text
    without = {key: value for key, value in replaced(old, new).items() if key != "identifier"}
    assert (await put(client, without)).status_code == 200
    assert (await client.post("/Patient", json=patient(number_of(old)))).status_code == 409
    assert await supporters(client, number_of(old)) == {first["id"], second["id"]}
    later = await create(client, supporter(by_number(number_of(old))))
    assert await supporters(client, new["id"]) == {first["id"], second["id"], later["id"]}


async def test_the_one_replaced_may_give_its_number_up_first(client):
    (old, _), (new, _) = await known(client), await known(client)
    without = {key: value for key, value in replaced(old, new).items() if key != "identifier"}
    await put(client, without)
    both = {**new, "identifier": [*new["identifier"], *old["identifier"]]}
    assert (await put(client, both)).status_code == 200
    assert await found(client, f"/Patient?identifier={number_of(old)}") == {new["id"]}


async def test_the_one_replaced_is_kept(client, loose):
    (old, first), (new, second) = await known(client), await known(client)
    await put(client, replaced(old, new))
    for service in (client, loose):
        response = await service.delete(f"/{name(old)}")
        assert response.status_code == 409
        assert name(new) in issue(response)["diagnostics"]
    assert (await put(client, first)).status_code == 200
    later = await create(client, supporter(by_number(number_of(new))))
    assert await supporters(client, old["id"]) == {first["id"], second["id"], later["id"]}


async def test_the_successor_is_kept(client):
    (old, _), (new, _) = await known(client), await known(client)
    await put(client, replaced(old, new))
    assert (await client.delete(f"/{name(new)}")).status_code == 409


async def test_nothing_is_left_behind_while_the_records_join(client):
    for _ in range(4):
        (old, first), (new, second) = await known(client), await known(client)
        sent = [supporter(to(old) if index % 2 else by_number(number_of(old))) for index in range(8)]
        joined, *responses = await asyncio.gather(
            put(client, replaced(old, new)), *(client.post("/RelatedPerson", json=each) for each in sent)
        )
        assert joined.status_code == 200
        assert {response.status_code for response in responses} == {201}
        expected = {first["id"], second["id"], *(response.json()["id"] for response in responses)}
        for of in (old["id"], new["id"], number_of(old)):
            assert await supporters(client, of) == expected


# Holds a supporter of the name "Slow" back within its transaction, after its patient was looked up.
HOLD_BACK = """
CREATE FUNCTION hold_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.content::text LIKE '%Slow%' THEN PERFORM pg_advisory_xact_lock_shared(42); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hold_back BEFORE INSERT ON resource FOR EACH ROW EXECUTE FUNCTION hold_back();
"""
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def until_waiting(holder, count):
    async with asyncio.timeout(20):
        while await holder.fetchval(WAITING) < count:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("way", ["number", "literal", "literal through two replacements"])
async def test_what_is_being_stored_while_records_join_is_moved_too(database_url, way):
    holder = await asyncpg.connect(database_url)
    await holder.execute(HOLD_BACK)
    async with running(database_url) as client:
        (old, _), (new, _) = await known(client), await known(client)
        of, moved = old, old
        if way == "literal through two replacements":
            moved, _ = await known(client)
            await put(client, replaced(old, moved))
        slow = supporter(by_number(number_of(of)) if way == "number" else to(of), name=[{"family": "Slow"}])
        await holder.execute("SELECT pg_advisory_lock(42)")
        storing = asyncio.create_task(client.post("/RelatedPerson", json=slow))
        await until_waiting(holder, 1)
        joining = asyncio.create_task(put(client, replaced(moved, new)))
        await until_waiting(holder, 2)
        await holder.execute("SELECT pg_advisory_unlock(42)")
        assert (await storing).status_code == 201
        assert (await joining).status_code == 200
        assert (await storing).json()["id"] in await supporters(client, new["id"])
        assert (await storing).json()["id"] in await supporters(client, old["id"])
    await holder.close()


# Holds who joins two records back within its transaction, after all is moved.
HOLD_JOIN = """
CREATE FUNCTION hold_join() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_advisory_xact_lock_shared(42);
    RETURN NULL;
END $$;
CREATE TRIGGER hold_join AFTER UPDATE ON search_reference FOR EACH STATEMENT EXECUTE FUNCTION hold_join();
"""


# Under which patient keys these are kept.
KEYS = "SELECT DISTINCT patient FROM resource WHERE id = ANY(ARRAY[$1, $2])"


@pytest.mark.parametrize("way", ["replaced", "made known", "kept with a supporter"])
async def test_what_is_stored_for_the_old_one_once_all_is_moved_follows(database_url, way):
    holder = await asyncpg.connect(database_url)
    async with running(database_url) as client:
        (old, friend), (new, _) = await known(client), await known(client)
        joined = replaced(old, new)
        if way == "made known":
            first = await create(client, supporter(by_number(number := nhs_number())))
            [id_] = await found(client, f"/Patient?identifier={NHS_NUMBER}|{number}")
            old, joined = {"resourceType": "Patient", "id": id_}, patient(number, id="known")
            assert await supporters(client, id_) == {first["id"]}
        await holder.execute(HOLD_JOIN)
        await holder.execute("SELECT pg_advisory_lock(42)")
        joining = asyncio.create_task(put(client, joined))
        await until_waiting(holder, 1)
        later = supporter(to(old))
        if way == "kept with a supporter":
            later = {"resourceType": "Task", "status": "requested", "intent": "order", "for": to(friend)}
        storing = asyncio.create_task(client.post(f"/{later['resourceType']}", json=later))
        await until_waiting(holder, 2)
        await holder.execute("SELECT pg_advisory_unlock(42)")
        assert (await joining).status_code in (200, 201)
        assert (await storing).status_code == 201
        keys = await holder.fetch(KEYS, (await storing).json()["id"], old["id"])
        assert [key["patient"] for key in keys] == ["known" if way == "made known" else new["id"]]
    await holder.close()
