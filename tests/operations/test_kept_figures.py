"""Figures are kept from one report to the next, and used only while they are what would be worked out anew."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from app.operations import counting, keeping_figures
from tests.conftest import running
from tests.involvement.charting import contact, episode, person
from tests.operations.test_evaluate_measure import counts, evaluated, of
from tests.record.examples import create, name, nhs_number, organization, patient, put, to

Resource = dict[str, Any]
PATIENTS = 6


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with running(database_url, small_number=1) as connected:
        yield connected


@pytest.fixture
async def team(client: httpx.AsyncClient) -> Resource:
    """A team with six episodes in March, each with a supporter, of whom three were tried."""
    made = await create(client, organization())
    for number in range(PATIENTS):
        whose = await create(client, patient(nhs_number()))
        await create(client, of(episode(), whose, managingOrganization=to(made)))
        friend = await create(client, of(person(), whose))
        if number % 2:
            await create(client, of(contact(), whose, recipient=[to(friend)]))
    return made


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The charts that were read to work figures out."""
    found: list[object] = []
    chart = counting.Chart

    def read(*given: Any, **more: Any) -> Any:
        found.append(given)
        return chart(*given, **more)

    monkeypatch.setattr(counting, "Chart", read)
    return found


async def figures(client: httpx.AsyncClient, team: Resource, **asked: Any) -> dict[str, Any]:
    """The numbers of all measures, by measure."""
    bundle = await evaluated(client, "", team=name(team), **asked)
    return {one["resource"]["measure"]: one["resource"]["group"] for one in bundle["entry"]}


async def test_a_report_is_worked_out_once_and_any_later_one_is_made_of_what_is_kept(client, team, worked_out):
    first = await figures(client, team)
    assert len(worked_out) == PATIENTS
    assert await figures(client, team) == first
    alone = await evaluated(client, "KS-13b", team=name(team))
    assert alone["group"] == first[alone["measure"]]
    assert counts(alone, 0)["numerator"] == PATIENTS // 2
    other = await figures(client, team, periodStart="2025-01-01", periodEnd="2025-12-31")
    assert other != first
    assert len(worked_out) == PATIENTS


async def test_whatever_is_written_about_a_patient_is_counted_at_once(client, team, worked_out):
    await figures(client, team)
    episodes = (await client.get(f"/EpisodeOfCare?organization={name(team)}&_count=50")).json()["entry"]
    for entry in episodes:
        whose = {"resourceType": "Patient", "id": entry["resource"]["patient"]["reference"].partition("/")[2]}
        friend = await create(client, of(person(), whose))
        await create(client, of(contact(), whose, recipient=[to(friend)]))
        before = len(worked_out)
        await figures(client, team)
        assert len(worked_out) == before + 1
    assert await numerator(client, team) == PATIENTS


async def test_what_is_changed_or_taken_back_is_no_longer_counted(client, team):
    await figures(client, team)
    for entry in (await client.get("/Communication?_count=50")).json()["entry"]:
        await put(client, entry["resource"] | {"status": "entered-in-error"})
    assert await numerator(client, team) == 0
    for entry in (await client.get(f"/EpisodeOfCare?organization={name(team)}&_count=50")).json()["entry"]:
        await client.delete(f"/{name(entry['resource'])}")
    assert counts(await evaluated(client, "KS-13b", team=name(team)), 0)["initial-population"] == 0


async def test_other_settings_make_other_figures_of_the_same_record(client, database_url, team, worked_out):
    first = await figures(client, team)
    same_person, debrief = {"same_person_systems": "https://a.example"}, {"rule_hours": "debrief=1"}
    for times, settings in enumerate([{"key_roles": "young-carer"}, same_person, debrief], 2):
        async with running(database_url, small_number=1, **settings) as other:
            found = await figures(other, team)
        assert len(worked_out) == times * PATIENTS
        assert (found == first) is ("key_roles" not in settings)


async def test_none_are_kept_where_none_are_wanted(database_url, client, team, worked_out):
    async with running(database_url, figures_days=0) as anew:
        for _ in range(2):
            await figures(anew, team)
    assert len(worked_out) == 2 * PATIENTS
    assert await kept(database_url) == 0


async def test_lists_are_worked_out_and_keep_nothing(client, database_url, team, worked_out):
    for _ in range(2):
        await evaluated(client, "KS-13b", team=name(team), reportType="subject-list")
    await evaluated(client, "KS-13b", team=name(team))
    assert len(worked_out) == 3 * PATIENTS
    assert await kept(database_url) == 0


DAMAGED = ("figures || 'x'", "''", "'[[], [], {}]'", "overlay(figures PLACING 'x' FROM 9)")
NOT_OURS = ("made = made + 100000000000", "until = made", "audience = 'other'")


async def test_what_was_tampered_with_or_is_of_another_time_or_audience_is_worked_out_anew(
    client, database_url, team, worked_out
):
    first = await figures(client, team)
    for times, change in enumerate([*(f"figures = {damage}::bytea" for damage in DAMAGED), *NOT_OURS], 2):
        await execute(database_url, f"UPDATE kept_figures SET {change}")
        assert await figures(client, team) == first
        assert len(worked_out) == times * PATIENTS, change


async def test_an_episode_that_goes_on_is_worked_out_each_time(client, worked_out):
    made = await create(client, organization())
    whose = await create(client, patient(nhs_number()))
    going_on = episode(end="")
    await create(client, of(going_on, whose, managingOrganization=to(made)))
    for _ in range(2):
        await figures(client, made)
    assert len(worked_out) == 2


async def test_a_report_is_told_though_its_figures_cannot_be_kept(
    client, database_url, team, worked_out, caplog, monkeypatch
):
    monkeypatch.setattr("app.storage.indicators.TOLD", 1)
    await execute(database_url, "REVOKE INSERT ON kept_figures FROM kith_app")
    first = await figures(client, team)
    assert caplog.text.count("could not be kept") == 1
    assert await figures(client, team) == first
    assert len(worked_out) == 2 * PATIENTS


async def test_another_program_uses_nothing_of_this_one(client, team, worked_out, monkeypatch):
    first = await figures(client, team)
    monkeypatch.setattr(keeping_figures, "_PROGRAM", b"another")
    assert await figures(client, team) == first
    assert len(worked_out) == 2 * PATIENTS


async def test_what_is_old_is_removed_with_the_next_that_is_kept(client, database_url, team):
    await figures(client, team)
    await execute(database_url, "UPDATE kept_figures SET stored = stored - interval '91 days', audience = 'left'")
    assert await kept(database_url) == PATIENTS
    await figures(client, team)
    assert await kept(database_url) == PATIENTS
    await execute(database_url, "UPDATE kept_figures SET stored = stored - interval '91 days', seal = 'x'")
    await figures(client, team)
    assert await kept(database_url) == PATIENTS


async def numerator(client: httpx.AsyncClient, team: Resource) -> int:
    """In how many episodes somebody was tried."""
    return int(counts(await evaluated(client, "KS-13b", team=name(team)), 0)["numerator"])


async def kept(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM kept_figures"))
    finally:
        await connection.close()


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
