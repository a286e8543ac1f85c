"""An open episode of crisis care is the same to worklists, to what is owed and to indicators."""

from itertools import product

import pytest

from app.involvement.crisis_care import is_open
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Entry
from app.involvement.indicators.episodes import episodes
from app.involvement.indicators.local import Local
from app.involvement.owed import Entry as Recorded
from app.involvement.owed import owed
from app.sharing.facts import Facts
from tests.operations.worklists import concept, episode, listed, main_carer
from tests.record.examples import by_number, create, name, nhs_number, organization, plan

SNOMED = "http://snomed.info/sct"
CRISIS = {"coding": [{"system": SNOMED, "code": "92151000000102"}]}
HOME = {"coding": [{"system": SNOMED, "code": "92221000000103"}]}
OWN = concept("care-plan-category", "crisis-home-treatment")
MEMORY = {"coding": [{"system": "http://example.org/care", "code": "memory-clinic"}]}
WORDS = {"text": "Crisis team"}

CARE_STATUSES = ("planned", "waitlist", "active", "onhold", "finished", "cancelled", "entered-in-error")
PLAN_STATUSES = ("draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown")
# The types that are given, and whether an episode of these is the crisis team's.
TYPES = {
    "none": ([], True),
    "crisis resolution": ([CRISIS], True),
    "home treatment": ([HOME], True),
    "our own code": ([OWN], True),
    "another service": ([MEMORY], False),
    "another and ours": ([MEMORY, CRISIS], True),
    "words alone": ([WORDS], False),
    "a code without its system": ([{"coding": [{"code": "92151000000102"}]}], False),
}
# Categories and intent of a plan, and whether it is one of home treatment.
PLANS = {
    "home treatment": ([OWN], "plan", True),
    "an order of it": ([OWN], "order", True),
    "a proposal of it": ([OWN], "proposal", False),
    "a safety plan": ([concept("care-plan-category", "safety-plan")], "plan", False),
    "nobody's category": ([{"coding": [{"code": "crisis-home-treatment"}]}], "plan", False),
}


def table(team):
    """Every status with every type, each of a patient of its own, and whether it is an open episode."""
    for status, (types, is_crisis) in product(CARE_STATUSES, TYPES.values()):
        more = {"type": types} if types else {}
        yield (
            episode(by_number(nhs_number()), team, status=status, **more),
            (is_crisis and status in ("active", "onhold")),
        )
    for status, (categories, intent, is_home) in product(PLAN_STATUSES, PLANS.values()):
        more = {"category": categories, "author": {"reference": name(team)}, "period": {"start": "2026-03-02"}}
        body = plan(by_number(nhs_number()), status=status, intent=intent, **more)
        yield body, is_home and status in ("active", "on-hold")


@pytest.fixture(scope="module")
def cases():
    """The table, without a service."""
    rows = list(table({"resourceType": "Organization", "id": "crisis-team"}))
    return [(body | {"id": f"e{number}"}, is_one) for number, (body, is_one) in enumerate(rows)]


def test_the_rule_is_a_table(cases):
    assert [is_open(body["resourceType"], body) for body, _ in cases] == [is_one for _, is_one in cases]


def test_what_is_owed_in_an_open_episode_is_owed_by_that_rule(cases):
    mum = Recorded("RelatedPerson", "mum", "RX1", main_carer({"reference": "Patient/p"}))
    for body, is_one in cases:
        record = [mum, Recorded(body["resourceType"], body["id"], "RX1", body)]
        assert bool(owed(record, 0, 24)) is is_one, body


def test_indicators_count_what_is_open_and_of_the_rest_what_was(cases):
    for body, is_one in cases:
        entry = Entry(body["resourceType"], body["id"], 1, 0, body)
        found, _ = episodes(Chart(Facts("p", ()), [entry], Local(), 0))
        was_one = is_one or (
            is_open(entry.type, body | {"status": "active"})
            and body["status"] in ("finished", "cancelled", "revoked", "completed", "unknown")
        )
        assert bool(found) is was_one, body


async def test_worklists_list_by_that_rule(client):
    team = await create(client, organization())
    rows = list(table(team))
    entries = [
        {"resource": body, "request": {"method": "POST", "url": body["resourceType"]}, "fullUrl": f"urn:uuid:{number}"}
        for number, (body, _) in enumerate(rows)
    ]
    answer = await client.post("/", json={"resourceType": "Bundle", "type": "batch", "entry": entries})
    made = [entry["response"]["location"].split("/_history")[0] for entry in answer.json()["entry"]]
    wanted = ["/".join(one.split("/")[-2:]) for one, (_, is_one) in zip(made, rows, strict=True) if is_one]
    for which in ("not-asked", "not-contacted"):
        found, _ = await listed(client, which, team, _count="7")
        assert sorted(found) == sorted(wanted), which
    assert len(wanted) == 14


async def test_a_plan_beside_an_episode_on_hold_is_a_part_of_that_and_beside_another_services_is_none(client):
    team = await create(client, organization())
    one, other = by_number(nhs_number()), by_number(nhs_number())
    category, author = [OWN], {"reference": name(team)}
    care = await create(client, episode(one, team, status="onhold"))
    await create(client, plan(one, category=category, author=author))
    await create(client, episode(other, team, type=[MEMORY]))
    home = await create(client, plan(other, category=category, author=author))
    assert sorted((await listed(client, "not-asked", team))[0]) == sorted([name(care), name(home)])


async def test_an_open_episode_is_the_work_of_the_team_that_it_names(client):
    before, now = [await create(client, organization()) for _ in range(2)]
    who = by_number(nhs_number())
    await create(client, episode(who, before, status="finished"))
    care = await create(client, episode(who, now))
    assert (await listed(client, "not-asked", now))[0] == [name(care)]
    assert (await listed(client, "not-asked", before))[0] == []
