"""Figures are worked out before a report asks for them: of records that changed, for callers who asked before."""

from collections.abc import AsyncIterator
from typing import Any, cast

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.background import ahead
from app.config import Settings
from app.operations import counting, figures_ahead
from app.operations.figures_ahead import Ahead
from tests.callers import acting, granted
from tests.conftest import running
from tests.involvement.charting import contact, episode, person
from tests.operations.test_kept_figures import execute, figures, kept
from tests.organisations.test_indicators import of
from tests.record.examples import create, name, nhs_number, organization, patient, put, to

Resource = dict[str, Any]
POST = {"method": "POST"}


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with running(database_url, small_number=1) as connected:
        yield connected


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The patients of whom figures were worked out, in order."""
    found: list[str] = []
    chart = counting.Chart

    def read(facts: Any, *given: Any, **more: Any) -> Any:
        found.append(facts.patient_key)
        return chart(facts, *given, **more)

    monkeypatch.setattr(counting, "Chart", read)
    return found


def worker(client: httpx.AsyncClient, authentication: str = "off") -> Ahead:
    """What works ahead beside the application of this client."""
    app = cast(FastAPI, cast(httpx.ASGITransport, client._transport).app)
    return ahead(Settings(authentication=authentication), app.state.service)


async def seen_to(client: httpx.AsyncClient, team: Resource, **more: Any) -> Resource:
    """A patient with an episode of March, and a friend who was tried."""
    whose = await create(client, patient(nhs_number()))
    await create(client, of(episode(**more), whose, managingOrganization=to(team)))
    friend = await create(client, of(person(), whose))
    await create(client, of(contact(), whose, recipient=[to(friend)]))
    return whose


async def test_while_callers_are_not_told_apart_the_very_first_report_finds_all_of_it_worked_out(
    client, database_url, worked_out
):
    team = await create(client, organization())
    patients = {(await seen_to(client, team))["id"] for _ in range(3)}
    assert await worker(client).once() == 3
    assert {*worked_out} == patients
    told = await figures(client, team)
    assert len(worked_out) == 3
    await execute(database_url, "DELETE FROM kept_figures")
    assert await figures(client, team) == told
    assert len(worked_out) == 6


async def test_whoever_changes_is_worked_out_again_and_nobody_else(client, worked_out, monkeypatch):
    monkeypatch.setattr(figures_ahead, "_LOOK_BACK", figures_ahead._LOOK_BACK * 0)
    team, ahead_of = await create(client, organization()), worker(client)
    first, other = await seen_to(client, team), await seen_to(client, team)
    assert await ahead_of.once() == 2
    assert await ahead_of.once() == 0
    await create(client, of(person(), first))
    assert await ahead_of.once() == 1
    assert [*worked_out[2:]] == [first["id"]]
    await client.delete(f"/{name(other)}")
    await figures(client, team)
    assert len(worked_out) == 3


async def test_what_is_looked_at_again_is_not_worked_out_again(client, worked_out):
    await seen_to(client, await create(client, organization()))
    ahead_of = worker(client)
    assert [await ahead_of.once() for _ in range(2)] == [1, 1]
    assert len(worked_out) == 1


async def test_whoever_is_in_care_waits_until_that_is_over(client, worked_out):
    team = await create(client, organization())
    whose = await seen_to(client, team, period={"start": "2026-03-02T10:00:00Z"})
    assert await worker(client).once() == 0
    [found] = (await client.get(f"/EpisodeOfCare?patient={name(whose)}")).json()["entry"]
    await put(client, found["resource"] | {"period": episode()["period"]})
    assert await worker(client).once() == 1
    assert worked_out == [whose["id"]]


async def test_however_many_change_at_one_moment_all_are_reached_a_few_at_a_time(client, worked_out, monkeypatch):
    monkeypatch.setattr(figures_ahead, "MOST", 2)
    entries = []
    for number in range(5):
        whose = f"urn:uuid:00000000-0000-4000-8000-00000000000{number}"
        over = {"patient": {"reference": whose}, "period": episode()["period"]}
        care = {"resourceType": "EpisodeOfCare", "status": "finished"} | over
        entries.append({"fullUrl": whose, "resource": patient(nhs_number()), "request": POST | {"url": "Patient"}})
        entries.append({"resource": care, "request": POST | {"url": "EpisodeOfCare"}})
    answer = await client.post("", json={"resourceType": "Bundle", "type": "transaction", "entry": entries})
    assert answer.status_code == 200, answer.text
    ahead_of = worker(client)
    assert [await ahead_of.once() for _ in range(3)] == [2, 2, 1]
    assert len({*worked_out}) == 5


async def test_who_asked_before_finds_what_changed_worked_out_and_others_do_not(client, worked_out):
    own, other = (acting(client, granted(organisation=one)) for one in ("RX1", "RX2"))
    teams = {each: await create(each, organization()) for each in (own, other)}
    await figures(own, teams[own])
    for each, team in teams.items():
        await seen_to(each, team)
    assert await worker(client, "on").once() == 1
    told = await figures(own, teams[own])
    assert len(worked_out) == 1
    await figures(other, teams[other])
    assert len(worked_out) == 2
    whole = acting(client, granted("system/*.cruds kith/check kith/restrictions"))
    assert await figures(whole, teams[own]) == told
    assert len(worked_out) == 3


async def test_who_has_not_asked_for_long_is_forgotten(client, database_url, worked_out):
    own = acting(client, granted())
    team = await create(own, organization())
    await figures(own, team)
    await execute(database_url, "UPDATE figures_wanted SET asked = asked - interval '91 days'")
    await seen_to(own, team)
    assert await worker(client, "on").once() == 0
    await figures(own, team)
    await seen_to(own, team)
    assert await worker(client, "on").once() == 1


async def test_what_changed_long_ago_is_left_to_the_reports(client, database_url):
    await seen_to(client, await create(client, organization()))
    await execute(database_url, "UPDATE resource SET updated = updated - interval '25 hours'")
    assert await worker(client).once() == 0


async def test_one_worker_is_at_it_at_a_time(client, database_url):
    await seen_to(client, await create(client, organization()))
    other = await asyncpg.connect(database_url)
    try:
        async with other.transaction():
            await other.execute("SELECT FROM progress WHERE name = 'figures' FOR UPDATE")
            assert await worker(client).once() == 0
        assert await worker(client).once() == 1
    finally:
        await other.close()


async def test_none_are_worked_out_where_none_are_kept(database_url, worked_out):
    async with running(database_url, figures_days=0) as client:
        await seen_to(client, await create(client, organization()))
        assert await worker(client).once() == 0
    assert worked_out == []
    assert await kept(database_url) == 0


async def test_references_by_an_address_of_this_service_are_read_as_whoever_asks_reads_them(
    client, database_url, worked_out
):
    team = await create(client, organization())
    whose = await create(client, patient(nhs_number()))
    by_address = {"reference": f"{client.base_url}{name(whose)}"}
    await create(client, of(episode(), whose, patient=by_address, managingOrganization=to(team)))
    friend = await create(client, of(person(), whose))
    tried = {"reference": f"{client.base_url}{name(friend)}"}
    await create(client, of(contact(), whose, recipient=[tried]))
    # Its own address is localhost: to whoever asks kith.test, what it made of these references is of no use.
    await worker(client).once()
    told = await figures(client, team)
    assert worked_out == [whose["id"]] * 2
    assert await figures(client, team) == told
    assert len(worked_out) == 2
    await execute(database_url, "DELETE FROM kept_figures")
    assert await figures(client, team) == told
