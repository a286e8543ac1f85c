"""history: https://hl7.org/fhir/R4/http.html#history"""

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from tests.record.examples import create, issue, name, organization, practitioner, put


@pytest.fixture(scope="module")
async def storied(client):
    """A Practitioner created, updated, deleted and brought back: five versions."""
    stored = await create(client, practitioner())
    await put(client, {**stored, "active": False})
    await put(client, {**stored, "active": True})
    await client.delete(f"/{name(stored)}")
    await put(client, stored)
    return stored


async def pages(client, url):
    """The entries of all pages, by next links."""
    entries, count = [], 0
    while url:
        page = (await client.get(url)).json()
        entries += page.get("entry", [])
        url = next((link["url"] for link in page["link"] if link["relation"] == "next"), None)
        count += 1
    return entries, count


def versions(entries):
    return [entry["response"]["etag"] for entry in entries]


async def test_the_history_of_a_resource_has_every_version_newest_first(client, storied):
    history = (await client.get(f"/{name(storied)}/_history")).json()
    assert (history["resourceType"], history["type"], history["total"]) == ("Bundle", "history", 5)
    assert versions(history["entry"]) == [f'W/"{number}"' for number in (5, 4, 3, 2, 1)]
    methods = [entry["request"]["method"] for entry in history["entry"]]
    assert methods == ["PUT", "DELETE", "PUT", "PUT", "POST"]


async def test_each_entry_says_what_was_asked_and_what_came_of_it(client, storied):
    entries = (await client.get(f"/{name(storied)}/_history")).json()["entry"]
    revived, deleted, updated, _, created = entries
    assert revived["request"] == updated["request"] == {"method": "PUT", "url": name(storied)}
    assert (revived["response"]["status"], updated["response"]["status"]) == ("201", "200")
    assert created["request"] == {"method": "POST", "url": "Practitioner"}
    assert created["response"]["status"].startswith("201")
    assert created["fullUrl"] == f"http://kith.test/FHIR/R4/{name(storied)}"
    assert created["resource"] == storied
    assert deleted["request"] == {"method": "DELETE", "url": name(storied)}
    assert deleted["response"]["status"].startswith("204")
    assert "resource" not in deleted
    assert revived["resource"]["meta"]["versionId"] == "5"
    assert revived["response"]["lastModified"] == revived["resource"]["meta"]["lastUpdated"]


async def test_the_history_of_what_never_was_is_not_found(client):
    response = await client.get("/Practitioner/nobody/_history")
    assert response.status_code == 404
    assert issue(response)["code"] == "not-found"


async def test_the_history_of_a_type_shows_all_its_resources_and_deletions(client, storied):
    other = await create(client, practitioner())
    entries = (await client.get("/Practitioner/_history")).json()["entry"]
    urls = {entry["fullUrl"].removeprefix("http://kith.test/FHIR/R4/") for entry in entries}
    assert {name(storied), name(other)} <= urls
    assert "DELETE" in {entry["request"]["method"] for entry in entries}


async def test_the_history_of_a_type_shows_no_other_type(client, storied):
    await create(client, organization())
    entries = (await client.get("/Practitioner/_history")).json()["entry"]
    assert {entry["resource"]["resourceType"] for entry in entries if "resource" in entry} == {"Practitioner"}


async def test_the_history_of_a_type_without_resources_is_empty(client):
    history = (await client.get("/CareTeam/_history")).json()
    assert history["total"] == 0
    assert "entry" not in history


@pytest.mark.parametrize("count", [1, 2, 3, 5])
async def test_pages_by_next_links_neither_repeat_nor_lose_a_version(client, storied, count):
    entries, number = await pages(client, f"/{name(storied)}/_history?_count={count}")
    assert versions(entries) == [f'W/"{number}"' for number in (5, 4, 3, 2, 1)]
    assert number == -(-5 // count)


async def test_what_is_written_between_two_pages_does_not_move_the_later_ones(client):
    stored = [await create(client, organization(name=f"Page {number}")) for number in range(4)]
    first = (await client.get("/Organization/_history?_count=2")).json()
    await create(client, organization(name="In between"))
    following = next(link["url"] for link in first["link"] if link["relation"] == "next")
    second = (await client.get(following)).json()
    shown = [entry["resource"]["id"] for entry in first["entry"] + second["entry"]]
    assert shown == [each["id"] for each in reversed(stored)]


async def test_since_shows_only_versions_from_then_on(client, storied):
    times = [
        entry["response"]["lastModified"] for entry in (await client.get(f"/{name(storied)}/_history")).json()["entry"]
    ]
    for index, time in enumerate(times):
        if time in times[index + 1 :]:
            continue
        history = (await client.get(f"/{name(storied)}/_history?_since={quote(time)}")).json()
        assert [entry["response"]["lastModified"] for entry in history["entry"]] == times[: index + 1]
        assert history["total"] == index + 1


async def test_since_the_future_is_an_empty_history_of_what_is_there(client, storied):
    history = (await client.get(f"/{name(storied)}/_history?_since=2999-01-01T00:00:00Z")).json()
    assert history["total"] == 0
    assert "entry" not in history


async def test_since_takes_a_zone(client, storied):
    newest = (await client.get(f"/{name(storied)}/_history?_count=1")).json()["entry"][0]["response"]["lastModified"]
    later = datetime.fromisoformat(newest) + timedelta(seconds=1)
    elsewhere = later.isoformat().replace("+00:00", "") + "-00:00"
    assert (await client.get(f"/{name(storied)}/_history?_since={quote(elsewhere)}")).json()["total"] == 0
    east = f"{later:%Y-%m-%dT%H:%M:%S}+05:00"
    assert (await client.get(f"/{name(storied)}/_history?_since={quote(east)}")).json()["total"] == 5


async def test_links_repeat_what_was_asked(client, storied):
    history = (await client.get(f"/{name(storied)}/_history?_count=2&_since=2001-01-01")).json()
    links = {link["relation"]: link["url"] for link in history["link"]}
    for url in links.values():
        assert "_count=2" in url
        assert "_since=2001-01-01" in url


@pytest.mark.parametrize(
    "query",
    [
        "_since=yesterday",
        "_since=",
        "_since=99999-01-01",
        "_since=2026-13-01",
        "_count=x",
        "_count=-1",
        "_count=1&_count=2",
        "name=x",
        "_cursor=x",
        "_cursor=",
        "_since=%00",
    ],
)
async def test_a_parameter_that_cannot_be_understood_is_refused_and_named(client, storied, query):
    response = await client.get(f"/{name(storied)}/_history?{query}")
    assert response.status_code == 400
    assert query.partition("=")[0] in issue(response)["diagnostics"]


async def test_a_cursor_belongs_to_the_history_it_came_from(client, storied):
    other = await create(client, practitioner())
    page = (await client.get(f"/{name(storied)}/_history?_count=1")).json()
    following = next(link["url"] for link in page["link"] if link["relation"] == "next")
    moved = following.replace(storied["id"], other["id"])
    assert (await client.get(moved)).status_code == 400


async def test_the_largest_count_is_a_page_and_no_failure(client, storied):
    assert (await client.get(f"/{name(storied)}/_history?_count=999999999")).json()["total"] == 5
