"""Figures that are kept: whatever anybody writes about a patient is in the next report of everybody at once."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import httpx
import pytest

from tests.callers import acting, granted
from tests.conftest import running
from tests.involvement.charting import contact, episode, flag, meeting, message, person
from tests.organisations.test_indicators import MARCH, SCOPES, of, permit
from tests.record.examples import create, name, nhs_number, organization, patient, put, to

Resource = dict[str, Any]
Callers = dict[str, httpx.AsyncClient]
WHO = {
    "own": granted(SCOPES, organisation="RX1"),
    "plain": granted("system/*.cruds kith/check", organisation="RX1"),
    "other": granted(SCOPES, organisation="RX2"),
    "sharing": granted(SCOPES, organisation="RX2", sees=("RX1",)),
}
CONFIDENTIAL = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}


@pytest.fixture(scope="module")
async def keeping(module_database_url: str) -> AsyncIterator[Callers]:
    """Callers of a service that keeps figures, and tells numbers however small."""
    async with running(module_database_url, small_number=1) as client:
        yield {caller: acting(client, who) for caller, who in WHO.items()}


@pytest.fixture(scope="module")
async def anew(module_database_url: str) -> AsyncIterator[Callers]:
    """The same of one on the same database that keeps none."""
    async with running(module_database_url, small_number=1, figures_days=0) as client:
        yield {caller: acting(client, who) for caller, who in WHO.items()}


async def figures(callers: Callers) -> dict[str, list[Resource]]:
    """What each caller is told of all measures."""
    found = {}
    for caller, client in callers.items():
        answer = await client.get("/Measure/$evaluate-measure", params=MARCH | {"reportType": "summary"})
        assert answer.status_code == 200, answer.text
        found[caller] = [entry["resource"]["group"] for entry in answer.json()["entry"]]
    return found


async def written(own: httpx.AsyncClient, other: httpx.AsyncClient) -> tuple[str, list[Callable[[], Awaitable[Any]]]]:
    """The id of a patient in an episode of RX1, known to RX2; and what is written then, one after the other."""
    number, named = nhs_number(), {"name": [{"family": "Marsh", "given": ["Ann"]}], "birthDate": "1970-01-01"}
    team, whose = await create(own, organization()), await create(own, patient(number))
    friend = await create(own, of(person(**named), whose))
    care = await create(own, of(episode(managingOrganization=to(team)), whose))
    theirs = await create(other, patient(number))
    same = await create(other, of(person(**named), theirs))
    invited = {"participant": [{"actor": one, "status": "accepted"} for one in (to(whose), to(friend))]}
    tried = await create(own, of(contact(), whose, recipient=[to(friend)]))
    stop = of(flag("no-contact-safeguarding"), theirs)
    stop["extension"][0]["valueReference"] = to(same)
    told = of(
        message("information-given", "2026-03-04T10:00:00Z", "local-support-groups"), whose, recipient=[to(friend)]
    )
    circle = {
        "resourceType": "CareTeam",
        "status": "active",
        "subject": to(whose),
        "participant": [{"member": to(friend)}],
    }
    return whose["id"], [
        lambda: create(own, of(meeting(**invited), whose)),
        lambda: create(own, permit(whose, friend)),
        lambda: create(other, permit(theirs, same, decided="2026-03-03T12:00:00Z", type="deny")),
        lambda: put(own, tried | {"meta": {"security": [CONFIDENTIAL]}}),
        lambda: create(other, stop),
        lambda: create(own, told),
        lambda: create(own, circle),
        lambda: put(own, care | {"period": {"start": "2026-03-02T10:00:00Z", "end": "2026-03-02T12:00:00Z"}}),
        lambda: own.delete(f"/{name(friend)}"),
        lambda: own.delete(f"/{name(care)}"),
    ]


async def test_whatever_is_written_by_whomever_everybody_is_told_what_would_be_worked_out_anew(keeping, anew):
    _, writes = await written(keeping["own"], keeping["other"])
    before = await figures(keeping)
    seen = dict.fromkeys(WHO, 0)
    for write in writes:
        await write()
        now = await figures(keeping)
        assert now == await figures(anew)
        seen = {caller: count + (now[caller] != before[caller]) for caller, count in seen.items()}
        before = now
    # Of some of it nothing is counted; and whoever knows of no episode is told nothing of any.
    assert min(seen[caller] for caller in ("own", "plain", "sharing")) > 3
    assert not seen["other"]


async def test_each_caller_has_figures_of_their_own_unless_they_see_the_same(keeping, module_database_url):
    whose, _ = await written(keeping["own"], keeping["other"])
    first = await figures(keeping)
    connection = await asyncpg.connect(module_database_url)
    audiences = await connection.fetch("SELECT audience FROM kept_figures WHERE patient = $1", whose)
    # Of the other organisation nobody is told anything of this episode.
    assert len(audiences) == 3
    # And what is not as it was kept is nobody's.
    await connection.execute("UPDATE kept_figures SET seal = 'x', figures = '[[],[],{}]'")
    await connection.close()
    assert await figures(keeping) == first
