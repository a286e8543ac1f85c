"""`python -m bench.searches`: how long searches take among few and many resources, and by which plans.

The database is filled by SQL (a tenth Patients, with three RelatedPersons, four Consents and two CarePlans each) in a
folder of its own, which is kept for the next time. Only the statement is timed, as the service runs it: parsing,
network and Bundle are the same whatever the number of resources.
"""

import asyncio
import random
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app.fhir.resources import BY_TYPE
from app.fhir.search import query
from app.fhir.search.place import of_compartment, of_everything, of_type
from app.fhir.search.query import Limits, Pairs, Query
from app.storage import search
from app.storage.includes import Bounds, included
from app.storage.pool import Database
from app.storage.visibility import Visibility
from bench import inside, search_data
from bench.sized import Explaining, filled

NHS = "https://fhir.nhs.uk/Id/nhs-number"
# Whoever sees the records of one organisation, as a client with a token does.
SEES = Visibility(frozenset({"RX1"}), own="RX1")
RUNS = 40


def cases(patient: int) -> dict[str, tuple[str, Pairs]]:
    """Where is searched and what for, for one patient of the data."""
    id_, number = f"p{patient}", f"999{patient:07}"
    family = f"{patient % 90 + 10}a"
    return {
        "a patient's supporters": ("RelatedPerson", [("patient", id_)]),
        "the same by NHS number": ("RelatedPerson", [("patient", number)]),
        "a patient's active Consents, newest first": (
            "Consent", [("patient", id_), ("status", "active"), ("_sort", "-date")]),
        "everything about a patient": (f"Patient/{id_}/*", []),
        "a patient's Consents with whom they name": ("Consent", [("patient", id_), ("_include", "Consent:actor")]),
        "a Patient by NHS number": ("Patient", [("identifier", f"{NHS}|{number}")]),
        "a Consent by identifier": ("Consent", [("identifier", f"http://s.example|{patient}")]),
        "a chain to an NHS number": ("RelatedPerson", [("patient.identifier", f"{NHS}|{number}")]),
        "a patient's supporters who are named in a Consent": (
            "RelatedPerson", [("patient", id_), ("_has:Consent:actor:status", "active")]),
        "Patients by family name": ("Patient", [("family", family)]),
        "Consents of a day": ("Consent", [("date", "2020-09-20")]),
        "all Consents by date": ("Consent", [("_sort", "date"), ("_total", "none")]),
        "all Consents, newest first, with the total": ("Consent", [("_sort", "-date")]),
        "all Consents, changed last first": ("Consent", [("_sort", "-_lastUpdated"), ("_total", "none")]),
        "all Patients by family name": ("Patient", [("_sort", "family"), ("_total", "none")]),
        "draft Consents by date": ("Consent", [("status", "draft"), ("_sort", "-date")]),
        "name:contains": ("Patient", [("name:contains", f"{patient % 10}abc")]),
        "all Consents, counted": ("Consent", [("_summary", "count")]),
    }  # fmt: skip


def searches(
    *,
    resources: Annotated[list[int] | None, typer.Option(help="How many; may be repeated.")] = None,
    data: Annotated[Path, typer.Option(help="Folder of the databases.")] = Path("bench/results/searches"),
    plans: Annotated[bool, typer.Option(help="Print the plan of each.")] = False,
    only: Annotated[str, typer.Option(help="Searches whose name holds this.")] = "",
) -> None:
    """Time searches among so many resources."""
    with inside.folder(data) as folder, inside.database(folder) as server:
        for number in resources or [10_000, 1_000_000]:
            asyncio.run(_measure(server, number, plans, only))


async def _measure(server: str, number: int, plans: bool, only: str) -> None:
    url = await _filled(server, number)
    print(f"\n{number:,} resources: median and 95th percentile of {RUNS}, milliseconds")
    database = Database(url, size=2)
    await database.open()
    chance = random.Random(1)
    async with database.connection(SEES) as connection:
        for name in (name for name in cases(1) if only in name):
            taken = [await _once(connection, cases(chance.randint(1, number // 10))[name]) for _ in range(RUNS)]
            late = sorted(taken[RUNS // 4 :])  # the first are planned anew
            print(f"{name:52s} {statistics.median(late):9.2f} {late[int(len(late) * 0.95)]:9.2f}", flush=True)
            if plans:
                print(await plan(connection, parsed(*cases(number // 20 + 1)[name])))
    await database.close()


async def _once(connection: Any, case: tuple[str, Pairs]) -> float:
    asked = parsed(*case)
    start = time.perf_counter()
    page = await search.search(connection, asked, SEES)
    await included(connection, page.matches, asked.includes, SEES, Bounds(list(BY_TYPE), 1000))
    return (time.perf_counter() - start) * 1000


def parsed(path: str, pairs: Pairs) -> Query:
    """What a search asks for: below a type, a compartment as Type/id/Type, or '' for everything."""
    if "/" in path:
        place = of_compartment(*path.split("/"), pairs, BY_TYPE)
    else:
        place = of_type(BY_TYPE[path]) if path else of_everything(pairs, BY_TYPE)
    return query.parse_in(place, pairs, now=datetime.now(UTC), bases=(), limits=Limits(), lenient=False)


async def plan(connection: Any, asked: Query, sees: Visibility = SEES) -> str:
    """How PostgreSQL goes about a search."""
    explaining: Any = Explaining(connection, {"matches": 0, "key": None, 0: 0})
    await search.search(explaining, asked, sees)
    return str(explaining.plan)


async def _filled(server: str, number: int) -> str:
    return await filled(server, f"searches_{number}", lambda connection: search_data.fill(connection, number // 10))


if __name__ == "__main__":
    typer.run(searches)
