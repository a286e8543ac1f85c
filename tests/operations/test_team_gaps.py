"""EpisodeOfCare/$team-gaps: the open episodes of a team in which something is missing, page by page."""

import pytest

from tests.callers import acting, granted
from tests.involvement.charting import nobody
from tests.operations.worklists import ago, episode, main_carer
from tests.record.examples import create, issue, name, nhs_number, organization, patient, to

PATH = "/EpisodeOfCare/$team-gaps"


async def care(client, team, *, with_carer=True, **more):
    of = await create(client, patient(nhs_number()))
    empty = {key: value for key, value in nobody(date=ago(40)).items() if key != "id"}
    await create(client, main_carer(to(of)) if with_carer else empty | {"subject": to(of)})
    return await create(client, episode(to(of), team, **more))


async def told(client, team, **more):
    """The Parameters of all pages, and how many there were on each."""
    answer = await client.get(PATH, params={"team": name(team), **more})
    found, pages = [], []
    while True:
        assert answer.status_code == 200, answer.text
        bundle = answer.json()
        page = [entry["resource"] for entry in bundle.get("entry", ())]
        found, pages = found + page, [*pages, len(page)]
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        if "next" not in links:
            return found, pages
        answer = await client.get(links["next"])


def about(parameters):
    return [one["valueReference"]["reference"] for one in parameters["parameter"] if one["name"] == "episode"]


async def test_each_open_episode_is_told_as_it_tells_itself(client, team):
    lacking = [await care(client, team) for _ in range(3)]
    await care(client, team, with_carer=False)
    await care(client, team, status="finished")
    await care(client, await create(client, organization()))
    found, pages = await told(client, team, _count="2")
    assert pages == [2, 1]
    assert [about(one) for one in found] == [[name(one)] for one in lacking]
    alone = (await client.get(f"/{name(lacking[0])}/$gaps")).json()
    assert found[0] == alone
    body = {"resourceType": "Parameters", "parameter": [{"name": "team", "valueReference": to(team)}]}
    body["parameter"].append({"name": "_count", "valueInteger": 2})
    posted = (await client.post(PATH, json=body)).json()
    assert [entry["resource"] for entry in posted["entry"]] == found[:2]


async def test_one_without_a_time_is_told_as_unreadable(client, team):
    untimed = await care(client, team, period={"end": "2026-01-01"})
    [found], _ = await told(client, team)
    [unreadable] = found["parameter"]
    assert unreadable["name"] == "unreadable"
    assert unreadable["part"] == [
        {"name": "record", "valueReference": {"reference": f"{name(untimed)}/_history/1"}},
        {"name": "why", "valueCode": "no-time"},
    ]


async def test_it_is_for_staff_who_may_read_and_check(client, team):
    await care(client, team)
    for scope in ("kith/check", "system/*.rs"):
        async with acting(client, granted(scope, sees=("",))) as caller:
            assert (await caller.get(PATH, params={"team": name(team)})).status_code == 403
    async with acting(client, granted("system/*.rs kith/check", organisation="RX9")) as stranger:
        assert issue(await stranger.get(PATH, params={"team": name(team)}))["diagnostics"].endswith("is not here.")
        assert (await stranger.get(PATH)).json().get("entry", []) == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"team": "Organization/nowhere"}, "not here"),
        ({"_count": "0"}, "1 or more"),
        ({"code": "x"}, "no parameter code"),
    ],
)
async def test_what_cannot_be_asked_is_refused(client, query, words):
    answer = await client.get(PATH, params=query)
    assert answer.status_code == 400
    assert words in issue(answer)["diagnostics"]
