"""`python -m bench.indicators`: the indicators of a team over a year, against a plain scan of the same rows."""

import asyncio
import resource
import time
from typing import Annotated, Any

import asyncpg
import httpx
import psutil
import typer

from app.operations.figures_ahead import MOST, Ahead
from bench import caseload, inside

YEAR: dict[str, Any] = {"periodStart": "2025-01-01", "periodEnd": "2025-12-31", "team": caseload.TEAM}
HALF = YEAR | {"periodEnd": "2025-06-30"}
# In each round nothing is kept at first, and all of it afterwards; and at last what the background made of nothing. The
# very first starts the processes that count, too.
NOTHING_KEPT = "all indicators, nothing kept"
AHEAD = "all indicators, worked out ahead"
ASKED: dict[str, dict[str, Any]] = {
    NOTHING_KEPT: YEAR,
    "all once more": YEAR,
    "all of half the year": HALF,
    "KS-13b alone": YEAR | {"measure": ["KS-13b"]},
    AHEAD: YEAR,
}


def measure(
    episodes: Annotated[int, typer.Option(min=10, help="How many episodes the team has.")] = 10_000,
    number: Annotated[int, typer.Option("--rounds", min=1, help="Rounds of both.")] = 3,
) -> None:
    """Fill a database with a year of a team, and evaluate everything at once, in turn with a plain scan."""
    with inside.folder() as folder, inside.database(folder) as url:
        asyncio.run(_measured(url, episodes, number))


async def _measured(url: str, episodes: int, number: int) -> None:
    began = time.perf_counter()
    await caseload.fill(url, episodes)
    print(f"{episodes:,} episodes loaded in {time.perf_counter() - began:.1f} s")
    async with inside.kith(url) as client, inside.kith_ahead(url) as ahead:
        for _ in range(number):
            rows, scanned = await _scanned(url)
            print(f"plain scan of the {rows:,} rows {scanned:.2f} s", flush=True)
            for name, asked in ASKED.items():
                if name in (NOTHING_KEPT, AHEAD):
                    await _forget(url)
                if name == AHEAD:
                    await _worked_ahead(ahead)
                taken, worked = await _evaluated(client, asked)
                told = f"{name} {taken:.2f} s ({worked:.2f} s of processor time of Kith)"
                print(f"{told}; ratio to the scan {taken / scanned:.1f}", flush=True)
        print(f"most memory of this process {_megabytes():.0f} MB", flush=True)


async def _scanned(url: str) -> tuple[int, float]:
    """Every row that the indicators look at, read and thrown away."""
    connection = await asyncpg.connect(url)
    began = time.perf_counter()
    rows = await connection.fetch("SELECT type, id, version, updated, content FROM resource WHERE patient <> ''")
    taken = time.perf_counter() - began
    await connection.close()
    return len(rows), taken


async def _forget(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("TRUNCATE kept_figures, figures_wanted")
    await connection.close()


async def _worked_ahead(ahead: Ahead) -> None:
    """Everybody's figures, as a worker makes them in the background: so many patients every few seconds."""
    began, looked_at = _processor_seconds(), 0
    while (came := await ahead.once()) >= MOST:
        looked_at += came
    print(f"{looked_at + came:,} patients worked ahead in {_processor_seconds() - began:.1f} s of processor time")


async def _evaluated(client: httpx.AsyncClient, asked: dict[str, Any]) -> tuple[float, float]:
    began, worked = time.perf_counter(), _processor_seconds()
    answer = await client.get("/Measure/$evaluate-measure", params=asked, timeout=600)
    taken, worked = time.perf_counter() - began, _processor_seconds() - worked
    told = answer.json()
    reports = [one["resource"] for one in told["entry"]] if told["resourceType"] == "Bundle" else [told]
    counts = [one["group"][0]["population"][0]["count"] for one in reports]
    assert all(counts), counts
    return taken, worked


def _processor_seconds() -> float:
    """Of this process and those that count for it, PostgreSQL's left out."""
    ours = psutil.Process()
    counting = [one for one in ours.children() if "multiprocessing" in " ".join(one.cmdline())]
    times = [one.cpu_times() for one in (ours, *counting)]
    return float(sum(each.user + each.system for each in times))


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    typer.run(measure)
