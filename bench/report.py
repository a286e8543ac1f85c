"""What was measured, on what, and against which targets: a table for people and a file for machines."""

import json
import os
import platform
import statistics
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console
from rich.table import Table

from bench import engine, tool
from bench.bundles import LOADED
from bench.questions import AT_ONCE
from bench.requests import OPERATIONS
from bench.rounds import Cell, middle

TARGETS = {
    "read": 0.6,
    "search": 0.5,
    **dict.fromkeys(("RelatedPerson", "Consent", "CarePlan"), 0.3),
    "transaction": 0.25,
    "check": 0.4,
    "matrix": 0.12,
}
# With tokens, scopes and organisations, of what it is without.
OF_ITSELF = dict.fromkeys((*TARGETS, "load", "evaluation", "evaluations"), 0.85)
# How many times cheaper an evaluation is to be when it comes with others.
CHEAPER = 4
# At one connection a request waits more than it works, and nothing is demanded.
_TARGETED = (8, 32)


async def surroundings(url: str, patients: int, rounds: int, seconds: int) -> dict[str, Any]:
    """The machine, the database and the data."""
    connection = await asyncpg.connect(url)
    settings = {
        name: await connection.fetchval(f"SHOW {name}")
        for name in ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
    }
    size = await connection.fetchval("SELECT pg_size_pretty(pg_database_size(current_database()))")
    resources = await connection.fetchval("SELECT count(*) FROM resource")
    await connection.close()
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpus": os.cpu_count(),
        "load_average": os.getloadavg(),
        "python": platform.python_version(),
        "postgresql": settings,
        "patients": patients,
        "resources": resources,
        "database_size": size,
        "load_tool": tool.name(),
        "rounds": rounds,
        "seconds_each": seconds,
    }


def show(
    console: Console, about: dict[str, Any], cells: list[Cell], engine_us: dict[int, float], *, tokens: bool = False
) -> None:
    """Prints what was measured; `engine_us` is what engine.measure gave. With `tokens` it was against Kith without."""
    other, targets = ("Kith without", OF_ITSELF) if tokens else ("bare", TARGETS)
    postgresql = about["postgresql"]
    console.print(
        f"{about['patients']:,} patients, {about['resources']:,} resources, {about['database_size']}; "
        f"{about['cpus']} CPUs (load {about['load_average'][0]:.1f}); Python {about['python']}; "
        f"PostgreSQL {postgresql['server_version']}, fsync {postgresql['fsync']}, "
        f"synchronous_commit {postgresql['synchronous_commit']}, shared_buffers {postgresql['shared_buffers']}; "
        f"{about['load_tool']}; medians of {about['rounds']} alternating rounds of {about['seconds_each']} s",
        highlight=False,
    )
    title = "Kith with tokens against Kith without" if tokens else "Kith against the bare limit"
    table = Table("operation", title=f"{title}, one worker each")
    for heading in (
        "at once",
        "Kith /s",
        f"{other} /s",
        "ratio",
        "target",
        "CPU",
        "Kith p50 / p99 ms",
        f"{other} p50 / p99 ms",
    ):
        table.add_column(heading, justify="right")
    for cell in cells:
        table.add_row(*_row(cell, targets), end_section=cell.connections == max(one.connections for one in cells))
    console.print(table)
    for cell in (cell for cell in cells if cell.operation == "load"):
        rates = [f"{middle(samples, 'per_second') * LOADED:,.0f}" for samples in (cell.kith, cell.bare)]
        console.print(f"Loading: {rates[0]} resources a second, the bare service {rates[1]}.", highlight=False)
    console.print(_busy(cells), highlight=False)
    for line in (*_together(cells), *_alone(engine_us)):
        console.print(line, highlight=False)


def _row(cell: Cell, targets: dict[str, float]) -> list[str]:
    target = targets.get(cell.operation) if cell.connections in _TARGETED else None
    colour = "" if target is None else "[green]" if cell.ratio >= target else "[red]"
    return [
        OPERATIONS[cell.operation],
        str(cell.connections),
        f"{middle(cell.kith, 'per_second'):,.0f}",
        f"{middle(cell.bare, 'per_second'):,.0f}",
        f"{colour}{cell.ratio:.2f}",
        "" if target is None else f"{target:g}",
        f"{cell.cpu_ratio:.2f}",
        f"{middle(cell.kith, 'p50_ms'):.2f} / {middle(cell.kith, 'p99_ms'):.2f}",
        f"{middle(cell.bare, 'p50_ms'):.2f} / {middle(cell.bare, 'p99_ms'):.2f}",
    ]


def _busy(cells: list[Cell]) -> str:
    """How busy the load tool was: near 100% it would be what is measured."""
    shares = [
        max(statistics.median(sample.tool_cpu / sample.seconds for sample in cell.bare) for cell in cells),
        max(statistics.median(sample.tool_cpu / sample.seconds for sample in cell.kith) for cell in cells),
    ]
    return (
        "ratio: of requests a second. CPU: the same of processor time per request, PostgreSQL's left out.\n"
        f"The load tool used at most {shares[0]:.0%} of one CPU against the bare service, {shares[1]:.0%} against Kith."
    )


def _together(cells: list[Cell]) -> Iterator[str]:
    """How much cheaper an evaluation is among others, at each number of connections."""
    rates = {(cell.operation, cell.connections): middle(cell.kith, "per_second") for cell in cells}
    for (operation, connections), alone in rates.items():
        together = rates.get(("evaluations", connections))
        if operation == "evaluation" and together:
            times = together * AT_ONCE / alone
            yield (
                f"{AT_ONCE} evaluations in one request, {connections} at once: each {times:.1f} times cheaper than"
                + (f" alone (target {CHEAPER})." if connections in _TARGETED else " alone.")
            )


def _alone(engine_us: dict[int, float]) -> Iterator[str]:
    for consents, took in engine_us.items():
        yield f"The decision alone, {consents} Consents: {took:,.0f} us (target {engine.TARGETS[consents]:,})."


def save(folder: Path, about: dict[str, Any], cells: list[Cell], engine_us: dict[int, float]) -> Path:
    """Writes all figures, each sample included."""
    path = folder / f"{about['date'].replace(':', '')}-{about['patients']}.json"
    path.write_text(json.dumps(about | {"engine_us": engine_us, "cells": [cell.figures() for cell in cells]}, indent=1))
    return path
