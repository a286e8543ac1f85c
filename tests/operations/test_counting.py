"""A whole team's year is counted in other processes, and comes to what is counted here."""

from concurrent.futures import BrokenExecutor, Executor, ThreadPoolExecutor
from contextlib import aclosing
from functools import cache
from typing import Any

import orjson
import pytest

from app.fhir.errors import Unavailable
from app.involvement.indicators.local import Local
from app.operations import counting
from app.operations.counting import Wanted, counted_apart, counted_here
from app.sharing.facts import Policy
from app.sharing.times import ALWAYS, moment
from app.storage.own_records import OF_THE_PATIENT
from app.storage.patient_rows import PatientRows
from tests.involvement.charting import ALL, NOW, STORED, consent, contact, episode, meeting, nobody, part, person, plan
from tests.record.examples import create, name, nhs_number, organization, patient, to

TEAM = "Organization/o"


def rows(number: int) -> PatientRows:
    """A patient of three kinds: with a supporter and all that goes with one; with nobody; closed early."""
    found = {
        0: [episode(), person(), consent(), contact(), meeting(), plan(part())],
        1: [episode(), nobody()],
        2: [episode(end="2026-03-02T12:00:00Z"), person(), episode(start="", id="untimed")],
    }[number % 3]
    records, versions = [], []
    for body in found:
        type_, id_ = body["resourceType"], f"{body['id']}-{number}"
        content = orjson.dumps(body).replace(b"RelatedPerson/s", f"RelatedPerson/s-{number}".encode())
        if type_ in OF_THE_PATIENT:
            versions.append([type_, id_, 1, moment(STORED), orjson.Fragment(content), "RX1", True, True])
        else:
            records.append([type_, id_, 1, moment(STORED), orjson.Fragment(content)])
    return PatientRows(f"p{number}", orjson.dumps(records), orjson.dumps(versions))


WANTED = Wanted(ALL, (TEAM,), ALWAYS, moment(NOW), True, (), Policy(), Local())


async def slices():
    for start in range(0, 30, 7):
        yield [rows(number) for number in range(start, min(start + 7, 30))]


async def counted(how: Any) -> counting.Counts:
    total = WANTED.nothing()
    async with aclosing(how(slices(), WANTED)) as parts:
        async for part_ in parts:
            for id_, tally in part_.counts.items():
                total[id_].join(tally)
    return total


async def test_another_process_counts_what_this_one_counts(monkeypatch):
    monkeypatch.setattr(counting, "PROCESSES", 1)
    await counting.stop()
    try:
        apart = await counted(counted_apart)
    finally:
        await counting.stop()
    here = await counted(counted_here)
    assert apart == here
    assert {id_: sum(tally.kinds.values()) for id_, tally in here.items()}["KS-13b"] == 30
    assert here["KS-13b"].unreadable == {"no-time": 10}


class Dying(Executor):
    """As one whose processes were killed."""

    def submit(self, *_: Any, **__: Any) -> Any:
        raise BrokenExecutor("killed")


async def test_when_one_dies_that_is_told_and_the_next_report_has_others(monkeypatch):
    executors = iter((Dying(), ThreadPoolExecutor(1)))
    monkeypatch.setattr(counting, "_processes", cache(lambda: next(executors)))
    with pytest.raises(Unavailable, match="ask again"):
        await counted(counted_apart)
    assert await counted(counted_apart) == await counted(counted_here)


async def test_who_stops_early_leaves_nothing_waiting(monkeypatch):
    monkeypatch.setattr(counting, "PROCESSES", 0)
    with ThreadPoolExecutor(1) as executor:
        monkeypatch.setattr(counting, "_processes", cache(lambda: executor))
        async with aclosing(counted_apart(slices(), WANTED)) as parts:
            first = await anext(parts)
    assert sum(first.counts["KS-13b"].kinds.values()) == 7


async def test_a_report_on_many_is_the_same_as_of_few_at_a_time(client, monkeypatch):
    team = await create(client, organization())
    for _ in range(3):
        whose = await create(client, patient(nhs_number()))
        body = {key: value for key, value in episode(patient=to(whose)).items() if key != "id"}
        await create(client, body | {"managingOrganization": to(team)})
    asked = {"periodStart": "2026-03-01", "periodEnd": "2026-03-31", "team": name(team), "reportType": "subject-list"}
    few = (await client.get("/Measure/$evaluate-measure", params=asked)).json()
    with ThreadPoolExecutor(2) as executor:
        monkeypatch.setattr(counting, "_processes", cache(lambda: executor))
        monkeypatch.setattr("app.operations.evaluate_measure.MANY", 1)
        monkeypatch.setattr("app.operations.evaluate_measure.APART", 1)
        many = (await client.get("/Measure/$evaluate-measure", params=asked)).json()
    groups = [[entry["resource"]["group"] for entry in answer["entry"]] for answer in (few, many)]
    assert groups[0] == groups[1]
    assert groups[0][0][0]["population"][0]["count"] == 3
