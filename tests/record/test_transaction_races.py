"""Transactions that meet: one after the other in effect, without failures of the service and without lost updates."""

import asyncio
from collections import Counter
from uuid import uuid4

from tests.interactions.bundles import delete, done, entry, get, post, put_entry, send
from tests.record.examples import (
    by_number,
    create,
    found,
    name,
    nhs_number,
    organization,
    patient,
    plan,
    practitioner,
    supporter,
    to,
)


async def both(client, *several: list[dict]) -> Counter:
    """What becomes of transactions that are sent at once."""
    responses = await asyncio.gather(*(send(client, *entries) for entries in several))
    return Counter(response.status_code for response in responses)


async def test_transactions_that_change_the_same_in_another_order_all_happen(client):
    first, second = await create(client, organization()), await create(client, organization())

    def changed(number: int) -> list[dict]:
        pair = [put_entry({**each, "alias": [f"{number}"]}) for each in (first, second)]
        return pair if number % 2 else pair[::-1]

    assert await both(client, *map(changed, range(12))) == {200: 12}
    now = [(await client.get(f"/{name(each)}")).json() for each in (first, second)]
    assert now[0]["alias"] == now[1]["alias"]
    assert [each["meta"]["versionId"] for each in now] == ["13", "13"]


async def test_of_transactions_with_one_etag_exactly_one_happens(client):
    stored = await create(client, organization())
    before = (await client.get("/Practitioner?_summary=count")).json()["total"]
    several = [[post(practitioner()), put_entry(stored, ifMatch='W/"1"')] for _ in range(12)]
    assert await both(client, *several) == {200: 1, 412: 11}
    assert (await client.get("/Practitioner?_summary=count")).json()["total"] == before + 1


async def test_no_update_is_lost_among_those_who_say_which_version_they_mean(client):
    stored = await create(client, organization(alias=[]) | {"alias": ["0"]})

    async def add() -> None:
        while True:
            now = (await client.get(f"/{name(stored)}")).json()
            changed = {**now, "alias": [str(int(now["alias"][0]) + 1)]}
            version = now["meta"]["versionId"]
            response = await send(client, put_entry(changed, ifMatch=f'W/"{version}"'))
            if response.status_code == 200:
                return
            assert response.status_code == 412

    await asyncio.gather(*(add() for _ in range(8)))
    assert (await client.get(f"/{name(stored)}")).json()["alias"] == ["8"]


async def test_those_who_create_one_id_at_once_make_it_once(client):
    id_ = f"once-{uuid4()}"
    several = [[put_entry(organization(id=id_, alias=[f"{n}"])), post(practitioner())] for n in range(8)]
    assert await both(client, *several) == {200: 8}
    history = (await client.get(f"/Organization/{id_}/_history?_count=50")).json()
    assert history["total"] == 8


async def test_those_who_bring_one_unknown_nhs_number_make_one_patient(client):
    number = nhs_number()
    several = [[post(supporter(by_number(number))), post(plan(by_number(number)))] for _ in range(8)]
    assert await both(client, *several) == {200: 8}
    assert len(await found(client, f"/Patient?identifier={number}")) == 1
    assert len(await found(client, f"/CarePlan?patient:identifier={number}")) == 8


async def test_those_who_bring_numbers_in_another_order_do_not_stand_in_each_others_way(client):
    numbers = [nhs_number() for _ in range(4)]
    several = [[post(supporter(by_number(n))) for n in (numbers if turn % 2 else numbers[::-1])] for turn in range(8)]
    assert await both(client, *several) == {200: 8}


async def test_of_those_who_register_one_patient_at_once_one_does(client):
    number = nhs_number()
    assert await both(client, *[[post(patient(number)), post(practitioner())] for _ in range(8)]) == {200: 1, 409: 7}
    assert len(await found(client, f"/Patient?identifier={number}")) == 1


async def test_nothing_is_left_referring_to_what_another_transaction_deletes(client):
    for _ in range(6):
        whole = await create(client, organization())
        marked = str(uuid4())
        part = organization(partOf=to(whole), identifier=[{"value": marked}])
        codes = await both(client, [post(part), post(practitioner())], [delete(name(whole)), post(practitioner())])
        assert sum(codes[code] for code in (200,)) == 1
        assert set(codes) <= {200, 409, 422}
        there = (await client.get(f"/{name(whole)}")).status_code == 200
        assert bool(await found(client, f"/Organization?identifier={marked}")) == there


async def test_conditional_and_plain_writers_of_one_resource_meet_without_failures(client):
    value = str(uuid4())
    stored = await create(client, organization(identifier=[{"value": value}]))
    criteria = f"Organization?identifier={value}"
    several = [
        *[[entry("PUT", criteria, organization(identifier=[{"value": value}], alias=[f"{n}"]))] for n in range(6)],
        *[[put_entry({**stored, "alias": [f"p{n}"]})] for n in range(6)],
    ]
    assert await both(client, *several) == {200: 12}
    assert (await client.get(f"/{name(stored)}")).json()["meta"]["versionId"] == "13"


async def test_a_conditional_deletion_and_an_update_at_once_are_one_after_the_other(client):
    for _ in range(6):
        value = str(uuid4())
        stored = await create(client, organization(identifier=[{"value": value}]))
        moved = put_entry({**stored, "identifier": [{"value": f"{value}-moved"}]})
        assert await both(client, [moved], [delete(f"Organization?identifier={value}")]) == {200: 2}
        there = (await client.get(f"/{name(stored)}")).status_code
        history = (await client.get(f"/{name(stored)}/_history")).json()["entry"]
        methods = [each["request"]["method"] for each in history][::-1]
        # Moved first: nothing meets the criteria any more. Deleted first: the update brings it back.
        assert (there, methods) in ((200, ["POST", "PUT"]), (200, ["POST", "DELETE", "PUT"]))


async def test_circles_from_several_at_once_are_stored(client):
    def circle() -> list[dict]:
        one, two = f"urn:uuid:{uuid4()}", f"urn:uuid:{uuid4()}"
        return [
            post(organization(partOf={"reference": two}), full_url=one),
            post(organization(partOf={"reference": one}), full_url=two),
        ]

    assert await both(client, *(circle() for _ in range(8))) == {200: 8}
    answers = await done(client, *circle())
    assert answers[0]["resource"]["partOf"] == to(answers[1]["resource"])


async def test_a_transaction_of_reads_alone_sees_one_moment(client):
    pair = [await create(client, organization(alias=["0"])) for _ in range(2)]
    reads = [get(name(pair[0])), get(f"Organization?_id={pair[0]['id']}"), get(name(pair[1]))]

    async def change() -> None:
        for number in range(10):
            assert (await both(client, [put_entry({**each, "alias": [f"{number}"]}) for each in pair])) == {200: 1}

    async def look() -> None:
        for _ in range(10):
            one, searched, other = (each["resource"] for each in await done(client, *reads))
            assert one["alias"] == searched["entry"][0]["resource"]["alias"] == other["alias"]

    await asyncio.gather(change(), look(), look())
