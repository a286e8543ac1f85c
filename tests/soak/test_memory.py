"""The memory of a worker stays flat while it does everything it does, for KITH_SOAK_SECONDS."""

import asyncio
import itertools
import os
import random
import time
from collections import Counter
from statistics import mean
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest

from tests.interactions.bundles import batch, get, post, put_entry, transaction
from tests.record.examples import by_number, consent, name, nhs_number, plan, supporter, to
from tests.test_serving import Kith

pytestmark = pytest.mark.soak

SECONDS = float(os.environ.get("KITH_SOAK_SECONDS", "600"))
LANES = 4
# What a worker keeps of patients goes on growing until it is full: less of it is full in less time. With
# KITH_SOAK_PATIENTS=1000, as it is where nothing is set, some hours show the same.
PATIENTS = os.environ.get("KITH_SOAK_PATIENTS", "50")
# Of the time; what is kept for reuse (connections, statements, routes, compiled rules) is there by then.
WARM_UP = 0.3
MOST_GROWTH = 0.03

Resource = dict[str, Any]


class Lane:
    """One client that does one thing after another, about people of its own."""

    def __init__(self, client: httpx.AsyncClient, seed: int) -> None:
        self._client = client
        self._chance = random.Random(seed)
        self._known: list[tuple[str, Resource, Resource, Resource]] = []
        self.done: dict[int, int] = {}

    async def run(self, until: float) -> None:
        for number in itertools.count():
            if time.monotonic() > until:
                return
            if not self._known or number % 25 == 0:
                await self._begin()
            await self._one()

    async def _begin(self) -> None:
        """A patient with a supporter, a consent and a plan, in one transaction; older ones are let go."""
        number, friend = nhs_number(), f"urn:uuid:{uuid4()}"
        about = {"reference": friend}
        entries = [
            post(supporter(by_number(number), telecom=[{"system": "phone", "value": "0123"}]), full_url=friend),
            post(consent(by_number(number), friend)),
            post(plan(by_number(number), contributor=[about])),
        ]
        answer = await self._ask("POST", "/", json=transaction(*entries))
        person, agreed, planned = (entry["resource"] for entry in answer.json()["entry"])
        [found] = (await self._ask("GET", f"/Patient?identifier={number}")).json()["entry"]
        self._known = [*self._known[-20:], (found["resource"], person, agreed, planned)]

    async def _one(self) -> None:
        of, person, agreed, planned = self._chance.choice(self._known)
        number = of["identifier"][0]["value"]
        title = "".join(self._chance.choices("abcdefgh ", k=self._chance.randint(1, 2_000)))
        question = {"patient": number, "recipient": name(person), "scope": "care-plan"}
        change = [{"op": "add", "path": "/description", "value": title}]
        patches = {"Content-Type": "application/json-patch+json"}
        ways = [
            ("GET", f"/{name(person)}", {}),
            ("GET", f"/{name(planned)}/_history?_count=20", {}),
            ("GET", "/CarePlan/_history?_count=20", {}),
            ("GET", f"/Consent?patient={number}&_include=Consent:actor&_total=accurate", {}),
            ("GET", f"/RelatedPerson?patient={number}&_revinclude=*", {}),
            ("GET", f"/RelatedPerson?name:contains={uuid4().hex[:4]}&_sort=-_lastUpdated", {}),
            ("GET", f"/{name(of)}/$everything", {}),
            ("GET", f"/{name(of)}/*?_sort=-_lastUpdated", {}),
            ("GET", "/Consent/$check-sharing", {"params": question}),
            ("GET", f"/AuditEvent?entity={name(agreed)}", {}),
            ("GET", f"/{uuid4().hex}/{uuid4()}?a={title[:50]}", {}),
            ("GET", "/metadata", {"headers": {"Accept-Encoding": "gzip"}}),
            ("PATCH", f"/{name(planned)}", {"json": change, "headers": patches}),
            ("PUT", f"/CarePlan?identifier={uuid4()}", {"json": plan(by_number(number), title=title)}),
            ("PUT", f"/{name(person)}", {"json": person}),
            ("POST", "/CarePlan", {"json": plan(to(person))}),
            ("POST", "/RelatedPerson", {"json": supporter(by_number(number), colour="red")}),
            ("POST", "/CarePlan/$validate", {"json": plan(by_number(number), title=title)}),
            ("POST", "/", {"json": batch(get(name(person)), put_entry(person), get("CarePlan?colour=red"))}),
            ("DELETE", f"/CarePlan?identifier={uuid4()}", {}),
        ]
        method, url, more = self._chance.choice(ways)
        await self._ask(method, url, **more)

    async def _ask(self, method: str, url: str, **more: Any) -> httpx.Response:
        answer = await self._client.request(method, url, **more)
        self.done[answer.status_code] = self.done.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, answer.text
        return answer


def workers(kith: Kith) -> dict[int, int]:
    """The resident bytes of each worker process."""
    assert kith.process is not None
    children = psutil.Process(kith.process.pid).children()
    return {each.pid: each.memory_info().rss for each in children if "spawn_main" in " ".join(each.cmdline())}


async def watch(kith: Kith, until: float) -> list[dict[int, int]]:
    """The same, a hundred times until then."""
    seen = []
    while (left := until - time.monotonic()) > 0:
        await asyncio.sleep(min(left, SECONDS / 100))
        seen.append(workers(kith))
    return seen


async def test_the_memory_of_a_worker_stays_flat(tmp_path, capsys):
    kith = Kith(tmp_path, environment={"KITH_WORKERS": "2", "KITH_KEPT_PATIENTS": PATIENTS}).start().answering()
    try:
        headers = {"Content-Type": "application/fhir+json"}
        clients = [
            httpx.AsyncClient(base_url=f"{kith.root}/FHIR/R4", headers=headers, timeout=60) for _ in range(LANES)
        ]
        lanes = [Lane(client, seed) for seed, client in enumerate(clients)]
        until = time.monotonic() + SECONDS
        seen, *_ = await asyncio.gather(watch(kith, until), *(lane.run(until) for lane in lanes))
        await asyncio.gather(*(client.aclose() for client in clients))
    finally:
        ended = kith.end()
    assert ended[0] == 0, ended
    warm = seen[int(len(seen) * WARM_UP) :]
    assert {frozenset(each) for each in warm} == {frozenset(warm[0])}, "a worker was replaced"
    with capsys.disabled():
        print(_figures(lanes, seen))  # noqa: T201  # who runs a soak wants to see what it did
    for pid in warm[0]:
        sizes = [each[pid] for each in warm]
        third = len(sizes) // 3
        assert mean(sizes[-third:]) < mean(sizes[:third]) * (1 + MOST_GROWTH), [size >> 20 for size in sizes]


def _figures(lanes: list[Lane], seen: list[dict[int, int]]) -> str:
    statuses = sum((Counter(lane.done) for lane in lanes), Counter[int]())
    lines = [f"\n{statuses.total()} requests in {SECONDS:.0f} s: {dict(sorted(statuses.items()))}"]
    for pid in seen[-1]:
        sizes = [f"{each.get(pid, 0) >> 20}" for each in seen[:: len(seen) // 20 or 1]]
        lines.append(f"worker {pid}, MiB: {' '.join(sizes)}")
    return "\n".join(lines)
