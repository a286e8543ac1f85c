"""Pages by next links while others write: what nobody changes comes exactly once, on every path that has pages."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.interactions.bundles import done, post
from tests.record.examples import create, name, nhs_number, patient, plan, put, to

RECORDS = 24
WRITES = 10
STATUSES = ("active", "draft", "on-hold")

Resource = dict[str, Any]


@pytest.fixture
async def record(client: httpx.AsyncClient) -> list[Resource]:
    """A patient and the plans of that patient, many alike."""
    of = await create(client, patient(nhs_number()))
    plans = [plan(to(of), status=STATUSES[number % 3], title=f"Plan {number % 5}") for number in range(RECORDS)]
    return [of, *[answer["resource"] for answer in await done(client, *map(post, plans))]]


@asynccontextmanager
async def others_writing(client: httpx.AsyncClient, record: list[Resource], seed: str) -> AsyncIterator[set[str]]:
    """Others who change, delete and add plans of the patient, one after the other; the names of what they changed."""
    chance, changed, left = random.Random(seed), set[str](), record[1 : RECORDS // 2]

    async def write() -> None:
        for _ in range(WRITES):
            if left:
                one = left.pop(chance.randrange(len(left)))
                changed.add(name(one))
                if chance.random() < 0.5:
                    await client.delete(f"/{name(one)}")
                else:
                    await put(client, {**one, "status": chance.choice(STATUSES), "title": "Changed"})
            await create(client, plan(to(record[0]), status=chance.choice(STATUSES), title="New"))

    writers = [asyncio.create_task(write()) for _ in range(2)]
    try:
        yield changed
    finally:
        for writer in writers:
            writer.cancel()
        await asyncio.gather(*writers, return_exceptions=True)


async def walk(client: httpx.AsyncClient, url: str) -> list[Resource]:
    """The entries of all pages."""
    entries: list[Resource] = []
    while url:
        page = await client.get(url)
        assert page.status_code == 200, page.text
        entries += page.json().get("entry", ())
        url = next((link["url"] for link in page.json()["link"] if link["relation"] == "next"), "")
    return entries


@pytest.mark.parametrize(
    "path",
    [
        "CarePlan?patient={id}",
        "CarePlan?patient={id}&_sort=status",
        "CarePlan?patient={id}&_sort=-status,_lastUpdated",
        "CarePlan?patient._id={id}",
        "Patient/{id}/CarePlan?",
        "Patient/{id}/*?",
        "?_type=CarePlan,Task&patient={id}",
        "Patient/{id}/$everything?",
    ],
)
async def test_what_nobody_changes_comes_exactly_once(client, record, path):
    url = "/" + path.format(id=record[0]["id"]) + "&_count=5"
    async with others_writing(client, record, path) as changed:
        entries = await walk(client, url.replace("?&", "?"))
    seen = Counter(name(each["resource"]) for each in entries if each["search"]["mode"] == "match")
    unchanged = {name(each) for each in record[1:]} - changed
    assert len(unchanged) >= RECORDS // 2
    assert {each: seen[each] for each in unchanged} == dict.fromkeys(unchanged, 1)
    times = {each["meta"]["versionId"] for each in (entry["resource"] for entry in entries) if name(each) in unchanged}
    assert times == {"1"}


@pytest.mark.parametrize("path", ["_history?", "CarePlan/_history?", "CarePlan/_history?_sort=_lastUpdated&"])
async def test_versions_that_were_there_come_exactly_once(client, record, path):
    began = (await client.get(f"/{name(record[1])}")).json()["meta"]["lastUpdated"]
    url = f"/{path}_since={began}&_count=5"
    async with others_writing(client, record, path):
        entries = await walk(client, url)
    seen = Counter((each["fullUrl"], each["response"]["etag"]) for each in entries)
    there = [(f"{client.base_url}{name(each)}", 'W/"1"') for each in record[1:]]
    assert {each: seen[each] for each in there} == dict.fromkeys(there, 1)
    assert set(seen.values()) == {1}
