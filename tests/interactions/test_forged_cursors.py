"""Places on a page that somebody made up, changed, or has from elsewhere: at every door that has pages, each is 400."""

from base64 import urlsafe_b64encode
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.callers import acting, granted
from tests.interactions.bundles import batch, get, transaction
from tests.record.examples import create, issue, issues, nhs_number, patient, plan, to

DOORS = [
    "/CarePlan?patient={id}",
    "/CarePlan?patient={id}&_sort=status",
    "/Patient/{id}/CarePlan",
    "/Patient/{id}/*",
    "/?_type=CarePlan&patient={id}",
    "/Patient/{id}/$everything",
    "/CarePlan/{plan}/_history",
    "/CarePlan/_history",
    "/_history",
    "/AuditEvent?patient={id}",
    "/ValueSet",
]


@pytest.fixture(scope="module")
async def doors(client):
    """The addresses of the doors, with more behind each than is on a page."""
    of = await create(client, patient(nhs_number()))
    plans = [await create(client, plan(to(of))) for _ in range(3)]
    for number in range(3):
        await client.put(f"/CarePlan/{plans[0]['id']}", json={**plans[0], "title": f"{number}"})
        await client.get(f"/CarePlan/{plans[0]['id']}")
    return [door.format(id=of["id"], plan=plans[0]["id"]) for door in DOORS]


async def cursor(client, door: str) -> str:
    """The place at which the first page of a door ends."""
    page = await client.get(f"{door}{'&' if '?' in door else '?'}_count=1")
    assert page.status_code == 200, page.text
    (further,) = [link["url"] for link in page.json()["link"] if link["relation"] == "next"]
    return dict(parse_qsl(urlsplit(further).query))["_cursor"]


async def follow(client, door: str, place: str):
    split, _, query = door.partition("?")
    return await client.get(split, params=[*parse_qsl(query), ("_count", "1"), ("_cursor", place)])


@pytest.mark.parametrize("number", range(len(DOORS)), ids=DOORS)
async def test_a_cursor_is_that_which_its_door_gave(client, doors, number):
    door = doors[number]
    own = await cursor(client, door)
    assert (await follow(client, door, own)).status_code == 200
    forged = urlsafe_b64encode(b'["",0,[],1,null]').decode().rstrip("=")
    others = [await cursor(client, other) for other in doors if other != door]
    turned = own[:10] + ("A" if own[10] != "A" else "B") + own[11:]
    for place in (*others, turned, own[:-1], own + "A", own[::-1], f"{forged}.{own.partition('.')[2]}", "." + own, ""):
        answer = await follow(client, door, place)
        assert answer.status_code == 400, (place, answer.text)
        assert "_cursor" in issue(answer)["diagnostics"]


@pytest.mark.parametrize("number", range(len(DOORS)), ids=DOORS)
async def test_a_cursor_of_another_caller_is_none(client, doors, number):
    door = doors[number]
    place = await cursor(client, door)
    every = "system/*.cruds kith/check kith/audit"
    async with acting(client, granted(every, organisation="RX1")) as other:
        answer = await follow(other, door, place)
    assert answer.status_code == 400, answer.text


async def test_a_cursor_in_a_bundle_is_judged_alike(client, doors):
    entry = get(doors[0].lstrip("/") + "&_count=1&_cursor=made-up")
    whole = await client.post("/", json=transaction(entry))
    assert whole.status_code == 400
    assert issues(whole)[0]["expression"][0].startswith("Bundle.entry[0]")
    each = (await client.post("/", json=batch(entry))).json()["entry"][0]
    assert each["response"]["status"] == "400"
