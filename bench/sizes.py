"""`python -m bench --sizes`: how long a request takes among few and many resources, and what PostgreSQL does for it.

Two databases stand beside each other, and Kith answers the same about copies of the same households in both, in turn.
Nobody is asked about twice: what Kith keeps of a patient's rows is nowhere there yet.
"""

import asyncio
import random
import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

import asyncpg
import httpx
import orjson

from app.fhir.links import PatientName
from app.sharing.facts import Policy
from app.storage import facts, resources
from app.storage.facts import Named
from app.storage.pool import Connection, Database
from app.storage.visibility import EVERYTHING
from bench import inside, load, people, questions, searches
from bench.multiplied import multiply, other
from bench.sized import Explaining, address, filled

HOUSEHOLDS: Final = 1_190
RESOURCES_EACH: Final = 8.4
TIMES: Final = 100
WARMING: Final = 15
MOST: Final = 1.5
_SERIAL: Final = "https://crisis.example.nhs.uk/supporter"
_CHECK: Final = "$check-sharing, 1 recipient, 1 scope"
_TYPES: Final = "Patient,RelatedPerson,Consent,CarePlan"
_FHIR: Final = {"Content-Type": "application/fhir+json"}


Request = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Size:
    """One database: its address, and of how many times so many households it consists."""

    url: str
    households: int
    times: int

    @property
    def resources(self) -> str:
        return f"{round(self.households * self.times * RESOURCES_EACH, -3):,.0f}"


def measure(data: Path, *, plans: bool) -> None:
    """Time each request in both databases, which are made in the folder if they are not there; and show the plans."""
    with inside.folder(data) as folder, inside.database(folder) as server:
        asyncio.run(_measured(server, plans=plans))


async def _measured(server: str, *, plans: bool) -> None:
    sizes = [Size(await _filled(server, times), HOUSEHOLDS, times) for times in (1, TIMES)]
    taken = await _alternating(sizes)
    rounds = len(taken[0]["read"])
    print(f"\nmedian of {rounds}, milliseconds: {', '.join(size.resources for size in sizes)} resources, and the ratio")
    for name in taken[0]:
        few, many = (statistics.median(each[name]) for each in taken)
        print(f"{name:42s} {few:9.2f} {many:9.2f} {many / few:7.2f}{'' if many / few <= MOST else ' *'}")
    for size in sizes if plans else ():
        await _explained(size)


async def _filled(server: str, times: int) -> str:
    name = f"sizes_{times}"

    async def fill(_: asyncpg.Connection) -> None:
        url = address(server, name)
        await load.load(url, HOUSEHOLDS, lambda _: None)
        if times > 1:
            await multiply(url, HOUSEHOLDS, times)

    return await filled(server, name, fill)


async def _alternating(sizes: list[Size]) -> list[dict[str, list[float]]]:
    """The times of each request in each database; which is asked first changes each time."""
    chance, taken = random.Random(1), [dict[str, list[float]]() for _ in sizes]
    asked_about = [index for index in range(HOUSEHOLDS) if people.is_asked_about(index)]
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(inside.kith(size.url)) for size in sizes]
        connections = [await stack.enter_async_context(connected(size.url)) for size in sizes]
        for turn, index in enumerate(chance.sample(asked_about, len(asked_about))):
            for place in (0, 1) if turn % 2 else (1, 0):
                size = sizes[place]
                # Never the first of many: what is kept of its rows would be there from the few.
                copy = chance.randrange(1, size.times) if size.times > 1 else 0
                for name, request in (await requests(connections[place], size, index, copy)).items():
                    began = time.perf_counter()
                    await answer(clients[place], request)
                    if turn >= WARMING:
                        taken[place].setdefault(name, []).append((time.perf_counter() - began) * 1000)
    return taken


def connected(url: str) -> Any:
    """One connection as the owner of the database, opened by `async with`."""
    return asyncpg.create_pool(url, min_size=1, max_size=1)


async def requests(connection: Any, size: Size, index: int, copy: int) -> dict[str, Request]:
    """What is asked about a copy of the household at an index, by names: the path, and the body if there is one."""
    ids = [other(id_, copy) for id_ in people.ids(index)]
    number = await connection.fetchval("SELECT number FROM nhs_number WHERE patient = $1", ids[0])
    serial = f"{copy * size.households + index:09d}1"
    paths = {
        "read": f"RelatedPerson/{ids[1]}",
        "a patient's supporters": f"RelatedPerson?patient={ids[0]}",
        "a patient's active Consents, newest first": f"Consent?patient={ids[0]}&status=active&_sort=-date",
        "everything about a patient": f"Patient/{ids[0]}/*",
        "a Patient by NHS number": f"Patient?identifier={searches.NHS}|{number}",
        "a supporter by identifier": f"RelatedPerson?identifier={_SERIAL}|{serial}",
        "a supporter by a number alone": f"RelatedPerson?identifier={serial}",
        "by identifier, among all types": f"?identifier={_SERIAL}|{serial}&_type={_TYPES}",
    }
    check = other(questions.one(index).decode(), copy).encode()
    return {name: (path, b"") for name, path in paths.items()} | {_CHECK: ("Consent/$check-sharing", check)}


async def answer(client: httpx.AsyncClient, request: Request) -> Any:
    """What Kith answers to one of these. Raises AssertionError unless it found something."""
    path, body = request
    found = await (client.post(f"/{path}", content=body, headers=_FHIR) if body else client.get(f"/{path}"))
    assert found.status_code == httpx.codes.OK, found.text
    told = found.json()
    assert told.get("total", 1), path
    return told


async def _explained(size: Size) -> None:
    """Prints how PostgreSQL goes about each request, for one household."""
    database = Database(size.url, size=1)
    await database.open()
    async with connected(size.url) as pool, database.connection(EVERYTHING) as connection:
        for name, (path, body) in (await requests(pool, size, 0, size.times // 2)).items():
            plan = await (_plan_of_check(connection, body) if body else _plan_of_search(connection, path))
            print(f"\n{size.resources}: {name}\n{plan}")
    await database.close()


async def _plan_of_search(connection: Connection, path: str) -> str:
    place, _, query = path.partition("?")
    if not query and place.count("/") == 1:
        explaining = Explaining(connection)
        await explaining.fetch(resources.READ, *place.split("/"), None)
        return explaining.plan
    return await searches.plan(connection, searches.parsed(place, parse_qsl(query)), EVERYTHING)


async def _plan_of_check(connection: Connection, body: bytes) -> str:
    """What a check reads: of a function PostgreSQL tells no more than the blocks, and which tables were scanned."""
    asked = {one["name"]: one.get("valueReference") for one in orjson.loads(body)["parameter"]}
    (patient, person) = (asked[name]["reference"].split("/") for name in ("patient", "recipient"))
    explaining: Any = Explaining(connection)
    for _ in range(2):  # the first time the statements of the function are planned
        await facts.gather(explaining, PatientName(patient[1]), Named([tuple(person)]), Policy(), ())
    await connection.execute("SELECT pg_stat_force_next_flush()")
    async with connection.transaction():
        await facts.gather(explaining, PatientName(patient[1]), Named([tuple(person)]), Policy(), ())
        scans = await connection.fetch(_SCANS)
    tables = "\n".join(
        f"  {row['name']}: {row['whole']} scans of the whole, {row['by_index']} by index" for row in scans
    )
    return f"{explaining.plan}\n{tables}"


_SCANS: Final = """
SELECT relname AS name, seq_scan AS whole, idx_scan AS by_index FROM pg_stat_xact_user_tables
WHERE seq_scan + idx_scan > 0 ORDER BY relname
"""
