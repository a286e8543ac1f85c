"""The whole of the made-up team, loaded once: what lists and figures find in it, and a week's calls of the README."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from app import sandbox
from app.demo.anchor import moved
from app.demo.codes import SUICIDALITY_CODES
from app.demo.load import LoadReport, load_with
from app.demo.pathway import pathway
from app.demo.resources import PATIENTS, team
from app.demo.team.crowd import crowd
from app.fhir.vocabulary.measures import MEASURES
from app.involvement.worklists import WORKLISTS
from app.security.scopes import PRIVILEGED
from tests.callers import acting, granted
from tests.conftest import running
from tests.readme import calls, check, section

Resource = dict[str, Any]

pytestmark = pytest.mark.long

TODAY = datetime.now(UTC).date()
TEAM = team(TODAY)
# HOULT is a distribution; C14 leaves nobody out.
WITHOUT_NUMERATOR = {"HOULT"}
WITHOUT_EXCLUSIONS = {"C14"}


@pytest.fixture(scope="module")
async def service(module_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the sandbox, of a service that holds the team."""
    async with running(module_database_url, suicidality_codes=SUICIDALITY_CODES) as anybody:
        client = acting(anybody, granted(str(PRIVILEGED), organisation=sandbox.ORGANISATION))
        client.base_url = httpx.URL("http://kith.test")
        report = await loaded(client)
        assert (report.problem, report.created) == ("", len(TEAM))
        connection = await asyncpg.connect(module_database_url)
        await connection.execute("ANALYZE")  # as the server does by itself within seconds
        await connection.close()
        yield client


async def loaded(client: httpx.AsyncClient) -> LoadReport:
    return await load_with(client, TEAM, lambda done, total: None)


@pytest.fixture(scope="module")
async def reports(service: httpx.AsyncClient) -> dict[str, Resource]:
    """All figures of the twelve weeks, by the id of their Measure."""
    asked = {"periodStart": str(TODAY - timedelta(weeks=12)), "periodEnd": str(TODAY), "reportType": "subject-list"}
    answer = await service.get("/FHIR/R4/Measure/$evaluate-measure", params=asked)
    assert answer.status_code == 200, answer.text
    found = [entry["resource"] for entry in answer.json()["entry"]]
    return {each["measure"].rpartition("/")[2].partition("|")[0]: each for each in found}


def patient_of(resource: Resource) -> str:
    """The patient of what is on a list, in whatever way the record names them."""
    named = next(resource[name] for name in ("patient", "subject", "focus", "participant") if name in resource)
    return str(named[0]["actor"] if isinstance(named, list) else named)


async def test_loading_again_changes_nothing(service: httpx.AsyncClient) -> None:
    again = await loaded(service)
    assert (again.created, again.unchanged, again.problem) == (0, len(TEAM), "")


async def test_there_are_200_patients(service: httpx.AsyncClient) -> None:
    assert (await service.get("/FHIR/R4/Patient?_summary=count")).json()["total"] == PATIENTS


@pytest.mark.parametrize("name", [each.name for each in WORKLISTS])
async def test_some_are_on_each_worklist_and_others_are_not(service: httpx.AsyncClient, name: str) -> None:
    answer = await service.get(f"/worklists/{name}?_count=500")
    assert answer.status_code == 200, answer.text
    listed = [one["resource"] for one in answer.json().get("entry", ()) if one["search"]["mode"] == "match"]
    people = {one["id"] if one["resourceType"] == "Patient" else patient_of(one) for one in listed}
    assert 1 <= len(people) < PATIENTS // 2


async def test_all_that_is_on_a_worklist_is_found_by_its_searches(service: httpx.AsyncClient) -> None:
    for each in (await service.get("/worklists")).json()["worklists"]:
        searched = [one for search in (each["search"], *each["beside"]) for one in await matches(service, search)]
        assert set(await matches(service, each["url"] + "?")) <= set(searched), each["name"]


async def matches(service: httpx.AsyncClient, url: str) -> list[str]:
    """What is found, as Type/id: the team is small enough for one page."""
    answer = await service.get(f"{url}&_count=500")
    assert answer.status_code == 200, answer.text
    bundle = answer.json()
    assert "next" not in {link["relation"] for link in bundle["link"]}
    found = [one["resource"] for one in bundle.get("entry", ()) if one["search"]["mode"] == "match"]
    return [f"{one['resourceType']}/{one['id']}" for one in found]


@pytest.mark.parametrize("measure", [each.id for each in MEASURES])
def test_each_indicator_has_hits_misses_and_exclusions(reports: dict[str, Resource], measure: str) -> None:
    for group in reports[measure]["group"]:
        count = {each["code"]["coding"][0]["code"]: each.get("count") for each in group["population"]}
        if measure in WITHOUT_NUMERATOR:
            assert all(one["population"][0]["count"] for one in stratifier(group, "attempts"))
        else:
            assert 0 < count["numerator"] < count["denominator"]
        assert (count["denominator-exclusion"] > 0) == (measure not in WITHOUT_EXCLUSIONS)


def stratifier(group: Resource, name: str) -> list[Resource]:
    """The strata of a stratifier of a group."""
    [found] = [each["stratum"] for each in group["stratifier"] if each["code"][0]["text"] == name]
    strata: list[Resource] = found
    return strata


def test_all_that_is_counted_can_be_read(reports: dict[str, Resource]) -> None:
    for report in reports.values():
        for group in report["group"]:
            unreadable = next(one for one in stratifier(group, "to-look-at") if "unreadable" in str(one["value"]))
            assert unreadable["population"][0]["count"] == 0


async def test_a_week_of_the_team_is_as_the_readme_tells_it(service: httpx.AsyncClient) -> None:
    week = list(calls(section("A team's week in five calls")))
    assert len(week) == 5
    for call in week:
        headers = {name: value for name, value in call.headers.items() if name != "Authorization"}
        check(call, await service.request(call.method, call.path, headers=headers, content=call.body))


def test_the_team_is_told_from_any_day() -> None:
    there = {one["id"]: one for one in moved(pathway(), date(2027, 10, 31))}
    assert list(there) == [one["id"] for one in pathway()]
    assert there["episode-amina-hussain"]["period"] == {"start": "2027-10-22"}
    assert there["first-visit-amina-hussain"]["period"]["start"] == "2027-10-22T11:00:00Z"


def test_the_team_is_the_same_every_time() -> None:
    assert list(crowd(9)) == list(crowd(9))
