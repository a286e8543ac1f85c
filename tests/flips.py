"""Consents that are withdrawn and given again in one connection, and asked about in others at once."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psutil

from tests.record.examples import consent, create, name, nhs_number, patient, supporter, to
from tests.test_serving import Kith

WORKERS = 3
LANES = 4
ASKERS = 3
# Every check reads all versions of a Consent: a new one is begun before there are too many.
ROUNDS_OF_ONE = 20
FIRST = datetime(2026, 1, 5, 10, tzinfo=UTC)


@dataclass
class Report:
    """What a run found. A round is one withdrawal and one new consent, each with a check by every asker."""

    rounds: int = 0
    checks: int = 0
    stale: list[str] = field(default_factory=list)
    workers: set[int] = field(default_factory=set)


async def flip(kith: Kith, rounds: int, seconds: float) -> Report:
    """Runs lanes side by side until there were so many rounds, or the time is over."""
    report, until = Report(), time.monotonic() + seconds
    await asyncio.gather(*(_lane(kith, report, rounds, until) for _ in range(LANES)))
    return report


def workers_in_use(kith: Kith) -> set[int]:
    """The worker processes that hold a connection of a client at this moment."""
    children = psutil.Process(kith.process.pid).children()
    return {
        child.pid
        for child in children
        for connection in child.net_connections("tcp")
        if connection.status == psutil.CONN_ESTABLISHED and connection.laddr.port == kith.port
    }


async def _lane(kith: Kith, report: Report, rounds: int, until: float) -> None:
    async with _spread(kith) as (writer, askers):
        while report.rounds < rounds and time.monotonic() < until:
            question, given = await _begin(writer)
            for number in itertools.count(1):
                if number > ROUNDS_OF_ONE or report.rounds >= rounds or time.monotonic() >= until:
                    break
                given = await _put(writer, {**given, "status": "inactive"})
                await _asked(askers, question, "deny", report)
                given = await _put(writer, {**given, "status": "active", "dateTime": _time(number)})
                await _asked(askers, question, "permit", report)
                report.rounds += 1
            report.workers |= workers_in_use(kith)


@asynccontextmanager
async def _spread(kith: Kith) -> AsyncIterator[tuple[httpx.AsyncClient, list[httpx.AsyncClient]]]:
    """Clients connected to more than one worker: whichever is up first takes all that come before the others are."""
    for _ in range(60):
        async with _clients(kith) as (writer, askers):
            await asyncio.gather(*(each.get(f"{kith.root}/_ping") for each in (writer, *askers)))
            if len(workers_in_use(kith)) > 1:
                yield writer, askers
                return
        await asyncio.sleep(0.2)
    raise AssertionError("one worker takes all connections")


@asynccontextmanager
async def _clients(kith: Kith) -> AsyncIterator[tuple[httpx.AsyncClient, list[httpx.AsyncClient]]]:
    async with AsyncExitStack() as stack:
        made = [
            await stack.enter_async_context(
                httpx.AsyncClient(
                    base_url=f"{kith.root}/FHIR/R4",
                    headers={"Content-Type": "application/fhir+json"},
                    timeout=60,
                    verify=False,  # there is no TLS here, and reading certificates takes long
                )
            )
            for _ in range(1 + ASKERS)
        ]
        yield made[0], made[1:]


async def _begin(writer: httpx.AsyncClient) -> tuple[dict[str, str], dict[str, Any]]:
    known = await create(writer, patient(nhs_number(), birthDate="1980-02-01"))
    person = await create(writer, supporter(to(known)))
    given = await create(writer, consent(to(known), name(person)))
    return {"patient": name(known), "recipient": name(person), "scope": "medication"}, given


async def _put(writer: httpx.AsyncClient, resource: dict[str, Any]) -> dict[str, Any]:
    answer = await writer.put(f"/{name(resource)}", json=resource)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _asked(askers: list[httpx.AsyncClient], question: dict[str, str], expected: str, report: Report) -> None:
    answers = await asyncio.gather(*(asker.get("/Consent/$check-sharing", params=question) for asker in askers))
    for answer in answers:
        assert answer.status_code == 200, answer.text
        report.checks += 1
        if answer.json()["parameter"][0]["valueCode"] != expected:
            report.stale.append(answer.text)


def _time(number: int) -> str:
    return (FIRST + timedelta(minutes=number)).isoformat()
