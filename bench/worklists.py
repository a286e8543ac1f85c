"""`python -m bench.worklists`: how long a page of each worklist takes among few and many resources, and by which plans.

The database is filled by SQL in a folder of its own, which is kept for the next time. Only the statements are timed, as
the service runs them: the rest is the same whatever the number of resources.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import product
from pathlib import Path
from typing import Annotated, Any

import typer

from app.involvement.indicators.local import KEY_ROLES
from app.involvement.worklists import WORKLISTS
from app.storage.pool import Connection, Database
from app.storage.visibility import Visibility
from app.storage.worklists import page
from app.storage.worklists.asking import Asked
from bench import inside, worklist_data
from bench.sized import Explaining, filled

# Whoever sees the records of one organisation, as a client with a token does.
SEES = Visibility(frozenset({"RX1"}), own="RX1")
TEAMS = {"a team": ("Organization", "team-0"), "all teams": None}
NOW = 1_800_000_000_000_000
RUNS = 30
# Those at first are planned anew.
WARMING = 8
MOST = 1.5


def worklists(
    *,
    resources: Annotated[list[int] | None, typer.Option(help="How many; may be repeated.")] = None,
    data: Annotated[Path, typer.Option(help="Folder of the databases.")] = Path("bench/results/worklists"),
    plans: Annotated[bool, typer.Option(help="Print the plan of each.")] = False,
    only: Annotated[str, typer.Option(help="Lists whose name holds this.")] = "",
) -> None:
    """Time a page of each worklist among so many resources."""
    numbers = sorted(resources or [10_000, 1_000_000])
    with inside.folder(data) as folder, inside.database(folder) as server:
        asyncio.run(_measured(server, numbers, plans, only))


async def _measured(server: str, numbers: list[int], plans: bool, only: str) -> None:
    """Each list among few and many in turn, so that whatever else the machine does falls on both alike."""
    async with AsyncExitStack() as stack:
        connections = [await stack.enter_async_context(_connected(await _filled(server, each))) for each in numbers]
        sizes = ", ".join(f"{number:,}" for number in numbers)
        print(f"\nmedian of {RUNS}, milliseconds: {sizes} resources, and the ratio")
        for name, (whose, team) in product([one.name for one in WORKLISTS if only in one.name], TEAMS.items()):
            asked = Asked(NOW, team=team, roles=tuple(sorted(KEY_ROLES)))
            runs = [[await _once(connection, name, asked) for connection in connections] for _ in range(RUNS + WARMING)]
            medians = [statistics.median(times) for times in zip(*runs[WARMING:], strict=True)]
            ratio = medians[-1] / medians[0]
            times = " ".join(f"{each:9.2f}" for each in medians)
            print(f"{f'{name}, {whose}':32s} {times} {ratio:7.2f}{'' if ratio <= MOST else ' *'}", flush=True)
            for number, connection in zip(numbers, connections, strict=True) if plans else ():
                print(f"\n{number:,}: {name}, {whose}\n{await _plan(connection, name, asked)}")


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Connection]:
    database = Database(url, size=1)
    await database.open()
    async with database.connection(SEES) as connection:
        yield connection
    await database.close()


async def _once(connection: Any, name: str, asked: Asked) -> float:
    start = time.perf_counter()
    entries = await page.entries(connection, name, asked)
    await page.along(connection, [key for one in entries for key, _ in one.along], [one.row.patient for one in entries])
    return (time.perf_counter() - start) * 1000


async def _plan(connection: Any, name: str, asked: Asked) -> str:
    explaining: Any = Explaining(connection)
    await page.entries(explaining, name, asked)
    return str(explaining.plan)


async def _filled(server: str, number: int) -> str:
    return await filled(
        server, f"worklists_{number}", lambda connection: worklist_data.fill(connection, number // 10, NOW)
    )


if __name__ == "__main__":
    typer.run(worklists)
