"""history: https://hl7.org/fhir/R4/http.html#history"""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import asyncpg
import pytest

from tests.audited import settled
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
        "_at=yesterday",
        "_at=2026-02-30",
        "_at=2026&_at=2027",
        "_sort=name",
        "_sort=",
        "_list=42",
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


async def test_a_count_of_nothing_asks_for_the_total_alone(client, storied):
    history = (await client.get(f"/{name(storied)}/_history?_count=0")).json()
    assert history["total"] == 5
    assert "entry" not in history
    assert [link["relation"] for link in history["link"]] == ["self", "first"]


async def test_the_oldest_version_comes_first_when_asked(client, storied):
    entries, number = await pages(client, f"/{name(storied)}/_history?_sort=_lastUpdated&_count=2")
    assert versions(entries) == [f'W/"{number}"' for number in (1, 2, 3, 4, 5)]
    assert number == 3


async def test_a_cursor_belongs_to_its_order(client, storied):
    page = (await client.get(f"/{name(storied)}/_history?_sort=_lastUpdated&_count=1")).json()
    following = next(link["url"] for link in page["link"] if link["relation"] == "next")
    assert (await client.get(following.replace("_sort=_lastUpdated", "_sort=-_lastUpdated"))).status_code == 400


async def test_later_pages_repeat_the_total_of_the_first(client, storied):
    page = (await client.get(f"/{name(storied)}/_history?_count=1")).json()
    while page:
        assert page["total"] == 5
        following = next((link["url"] for link in page["link"] if link["relation"] == "next"), None)
        page = (await client.get(following)).json() if following else None


@pytest.fixture(scope="module")
async def dated(module_database_url, client):
    """A Practitioner with a version from each of the years 2021, 2022 and 2024, the second being its deletion."""
    stored = await create(client, practitioner())
    await client.delete(f"/{name(stored)}")
    await put(client, stored)
    connection = await asyncpg.connect(module_database_url)
    for version, year in ((1, 2021), (2, 2022), (3, 2024)):
        moment = datetime(year, 6, 1, tzinfo=UTC)
        await connection.execute(
            "UPDATE resource_version SET updated = $1 WHERE id = $2 AND version = $3", moment, stored["id"], version
        )
    await connection.close()
    return stored


@pytest.mark.parametrize(
    ("at", "current"),
    [
        ("2020", []),
        ("2021", [1]),
        ("2021-05", []),
        ("2021-06-01", [1]),
        ("2022-05-31", [1]),
        ("2022", [2, 1]),
        ("2022-06-01T00:00:00Z", [2]),
        ("2023", [2]),
        ("2024", [3, 2]),
        ("2025-01-01T00:00:00+01:00", [3]),
        ("2999", [3]),
    ],
)
async def test_at_shows_what_was_current_within_a_time(client, dated, at, current):
    history = (await client.get(f"/{name(dated)}/_history", params={"_at": at})).json()
    assert versions(history.get("entry", [])) == [f'W/"{version}"' for version in current]
    assert history["total"] == len(current)


async def test_at_and_since_go_together(client, dated):
    history = (await client.get(f"/{name(dated)}/_history?_at=2022&_since=2022-01-01")).json()
    assert versions(history["entry"]) == ['W/"2"']
    assert history["entry"][0]["request"]["method"] == "DELETE"


async def test_the_history_of_everything_has_all_types_newest_first(client, storied):
    stored = [await create(client, practitioner()), await create(client, organization())]
    await client.delete(f"/{name(stored[0])}")
    history = (await client.get("/_history?_count=3")).json()
    shown = [(entry["request"]["method"], entry["fullUrl"].rpartition("R4/")[2]) for entry in history["entry"]]
    assert shown == [("DELETE", name(stored[0])), ("POST", name(stored[1])), ("POST", name(stored[0]))]
    assert history["link"][0]["url"] == "http://kith.test/FHIR/R4/_history?_count=3"


async def test_pages_of_everything_neither_repeat_nor_lose_a_version_while_others_write(client, storied):
    total = (await client.get("/_history?_count=0")).json()["total"]
    seen, url = [], "/_history?_count=7"
    while url:
        page = (await client.get(url)).json()
        seen += [(entry["fullUrl"], entry["response"]["etag"]) for entry in page["entry"]]
        url = next((link["url"] for link in page["link"] if link["relation"] == "next"), None)
        await create(client, practitioner())
    assert len(seen) == len(set(seen)) == total


async def test_the_history_of_everything_is_on_record(client):
    await client.get("/_history?_count=1")
    await settled(client)
    events = (await client.get("/AuditEvent?subtype=history-system")).json()
    assert events["entry"][0]["resource"]["action"] == "R"
