"""`python -m bench`: loads the data, starts both services, measures them in turn, and prints how they compare."""

import asyncio
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import engine, inside, load, report, requests, rounds, servers, sizes, social_map, worklists
from bench import indicators as year
from bench.check import check
from bench.inside import RESULTS

console = Console()
if not console.is_terminal:
    console.width = 120


def bench(
    *,
    patients: Annotated[int, typer.Option(min=100, help="How many patients there are.")] = 10_000,
    quick: Annotated[
        bool, typer.Option("--quick", help="Half a minute, on 1,000 patients: a first impression.")
    ] = False,
    number: Annotated[int, typer.Option("--rounds", min=1, help="Rounds of each operation.")] = 7,
    seconds: Annotated[int, typer.Option(min=1, help="Length of a round of one service.")] = 1,
    only: Annotated[str, typer.Option(help="Some operations alone, such as read,search.")] = "",
    authenticated: Annotated[
        bool,
        typer.Option("--authenticated", help="Kith with tokens against Kith without, not against the bare service."),
    ] = False,
    indicators: Annotated[
        bool, typer.Option("--indicators", help="All indicators of a team over a year, and nothing else.")
    ] = False,
    lists: Annotated[
        bool,
        typer.Option("--worklists", help="A page of each worklist among few and many resources, and nothing else."),
    ] = False,
    sizes_: Annotated[
        bool,
        typer.Option("--sizes", help="Searches and checks among 10,000 and 1,000,000 resources, and nothing else."),
    ] = False,
    plans: Annotated[
        bool, typer.Option("--plans", help="With --sizes or --worklists: how PostgreSQL goes about it.")
    ] = False,
    map_: Annotated[
        bool, typer.Option("--social-map", help="The social map of fifty people, and nothing else.")
    ] = False,
    data: Annotated[Path | None, typer.Option(help="Keep the data in this folder, and use it if it is there.")] = None,
) -> None:
    """Measure Kith against a bare Starlette and asyncpg service on the same database, in alternating rounds."""
    if indicators:
        year.measure(patients, number)
    elif lists:
        worklists.worklists(data=data or RESULTS / "worklists", plans=plans)
    elif sizes_:
        sizes.measure(data or RESULTS / "sizes", plans=plans)
    elif map_:
        social_map.measure()
    else:
        _against_bare(patients, number, seconds, only, data, quick=quick, authenticated=authenticated)


def _against_bare(
    patients: int, number: int, seconds: int, only: str, data: Path | None, *, quick: bool, authenticated: bool
) -> None:
    if quick:
        patients, number = min(patients, 1_000), 1
    with ExitStack() as stack:
        folder = stack.enter_context(inside.folder(data))
        url = stack.enter_context(inside.database(folder))
        _fill(url, patients)
        about = asyncio.run(report.surroundings(url, patients, number, seconds))
        if authenticated:
            asyncio.run(servers.belong(url))
        files, limits = requests.write(folder, patients, servers.token(folder, url))
        chosen = [name for name in files if not only or name in only.split(",")]
        ours = stack.enter_context(servers.kith(folder, RESULTS / "kith.log", "on" if authenticated else "off"))
        other = servers.kith(folder, RESULTS / "off.log") if authenticated else servers.bare(url, RESULTS / "bare.log")
        limit = stack.enter_context(other)
        check(ours, limit, files)
        connections = rounds.CONNECTIONS[1:] if quick else rounds.CONNECTIONS
        with _bar() as bar:
            task = bar.add_task("Measuring", total=len(chosen) * len(connections) * (number + 1))
            cells = rounds.measure(
                ours,
                limit,
                files,
                limits,
                chosen,
                number,
                seconds,
                lambda: bar.advance(task),
                connections=connections,
                against={} if authenticated else requests.AGAINST,
            )
    engine_us = engine.measure()
    report.show(console, about, cells, engine_us, tokens=authenticated)
    console.print(f"All samples: {report.save(RESULTS, about, cells, engine_us)}", highlight=False, soft_wrap=True)


def _fill(url: str, patients: int) -> None:
    there = asyncio.run(_patients(url))
    if there and there != patients:
        raise SystemExit(f"the folder holds {there} patients, not {patients}")
    if there:
        return
    with _bar() as bar:
        task = bar.add_task(f"Loading {patients:,} patients", total=patients)
        asyncio.run(load.load(url, patients, lambda done: bar.advance(task, done)))


async def _patients(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM resource WHERE type = 'Patient'"))
    finally:
        await connection.close()


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


if __name__ == "__main__":
    typer.run(bench)
