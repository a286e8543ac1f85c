"""Bundles of a caller that sees one organisation's records: another's are not there, in whatever way they are named."""

from uuid import uuid4

import pytest

from tests.callers import acting, granted
from tests.interactions.bundles import batch, delete, entry, get, post, put_entry, send, statuses
from tests.record.examples import by_number, create, found, name, nhs_number, organization, plan, supporter


@pytest.fixture
def mine(client):
    return acting(client, granted(organisation="RX1"))


@pytest.fixture
def theirs(client):
    return acting(client, granted(organisation="RX2"))


async def test_reads_and_searches_of_a_bundle_find_nothing_of_anothers(mine, theirs):
    number = nhs_number()
    stored = await create(theirs, plan(by_number(number)))
    told = await mine.post("", json=batch(get(name(stored)), get(f"{name(stored)}/_history/1")))
    assert statuses(told) == ["404", "404"]
    assert (await send(mine, get(name(stored)))).status_code == 404
    searched = await send(mine, get(f"CarePlan?_id={stored['id']}"), get(f"CarePlan?patient:identifier={number}"))
    assert [each["resource"]["total"] for each in searched.json()["entry"]] == [0, 0]


async def test_criteria_and_conditional_references_find_nothing_of_anothers(mine, theirs):
    value = str(uuid4())
    marked = organization(identifier=[{"value": value}])
    stored = await create(theirs, marked)
    criteria = f"identifier={value}"
    assert statuses(await send(mine, delete(f"Organization?{criteria}"))) == ["204"]
    assert (await theirs.get(f"/{name(stored)}")).status_code == 200
    linked = {"url": "https://trust.example.org/x", "valueReference": {"reference": f"Organization?{criteria}"}}
    response = await send(mine, post(organization(extension=[linked])))
    assert response.status_code == 412
    made = (await send(mine, post(marked, ifNoneExist=criteria))).json()["entry"][0]
    assert made["response"]["status"] == "201"
    assert made["resource"]["id"] != stored["id"]
    changed = (await send(mine, entry("PUT", f"Organization?{criteria}", marked))).json()["entry"][0]
    assert changed["resource"]["id"] == made["resource"]["id"]


async def test_writes_of_a_bundle_do_not_reach_anothers(mine, theirs):
    person = await create(theirs, supporter(by_number(nhs_number())))
    for sent in (put_entry({**person, "active": False}), delete(name(person))):
        response = await send(mine, sent)
        told = statuses(await mine.post("", json=batch(sent)))
        alone = await mine.request(sent["request"]["method"], f"/{name(person)}", json=sent.get("resource"))
        assert (str(response.status_code) if response.status_code != 200 else told[0]) == str(alone.status_code)
    assert (await theirs.get(f"/{name(person)}")).json() == person


async def test_what_a_bundle_stores_is_the_callers_organisations(mine, theirs):
    number, who = nhs_number(), f"urn:uuid:{uuid4()}"
    several = [post(supporter(by_number(number)), full_url=who) for _ in range(1)]
    several += [post(plan(by_number(number))) for _ in range(6)]
    assert set(statuses(await send(mine, *several))) == {"201"}
    assert len(await found(mine, f"/CarePlan?patient:identifier={number}")) == 6
    assert await found(theirs, f"/CarePlan?patient:identifier={number}") == set()
