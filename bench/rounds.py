"""Short alternating rounds, so that whatever else the machine does falls on both services alike."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench import tool
from bench.requests import AGAINST
from bench.servers import Served
from bench.tool import Sample

CONNECTIONS = (1, 8, 32)
# Who loads data does so with a few connections.
ALONE = {"load": (4,)}
TRIES = 4
Run = Callable[[Served, Path, int, int, int], Sample]


@dataclass
class Cell:
    """One operation at one number of connections: the samples of both services, in pairs taken one after the other.

    `ours` and `limit` are the files of requests that each is sent.
    """

    operation: str
    connections: int
    ours: Path
    limit: Path
    kith: list[Sample] = field(default_factory=list)
    bare: list[Sample] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The median, over the pairs, of how much of the bare service's rate Kith reached."""
        pairs = zip(self.kith, self.bare, strict=True)
        return median(ours.per_second / limit.per_second for ours, limit in pairs)

    @property
    def cpu_ratio(self) -> float:
        """The same of processor time for each request, which other work on the machine disturbs less."""
        pairs = zip(self.kith, self.bare, strict=True)
        return median(limit.cpu_per_request / ours.cpu_per_request for ours, limit in pairs)

    def figures(self) -> dict[str, Any]:
        """Everything about the cell, for a file."""
        return {
            "operation": self.operation,
            "connections": self.connections,
            "ratio": round(self.ratio, 3),
            "cpu_ratio": round(self.cpu_ratio, 3),
            "kith": _summary(self.kith),
            "bare": _summary(self.bare),
            "samples": {"kith": [asdict(one) for one in self.kith], "bare": [asdict(one) for one in self.bare]},
        }


def middle(samples: list[Sample], name: str) -> float:
    """The median of one figure over the samples."""
    return median(float(getattr(sample, name)) for sample in samples)


def _summary(samples: list[Sample]) -> dict[str, float]:
    return {name: round(middle(samples, name), 6) for name in ("per_second", "p50_ms", "p99_ms", "cpu_per_request")}


def measure(
    ours: Served,
    limit: Served,
    files: dict[str, Path],
    limits: dict[str, Path],
    operations: Iterable[str],
    rounds: int,
    seconds: int,
    progress: Callable[[], None],
    connections: Iterable[int] = CONNECTIONS,
    against: Mapping[str, str] = AGAINST,
    run: Run = tool.run,
) -> list[Cell]:
    """These operations at every number of connections, `rounds` times; who goes first changes each time.

    `files` are the requests of each operation, `limits` those that the other service is sent; where it does not have an
    operation, `against` says which of its own it is measured by.
    A first round warms up what is prepared and cached, and is not counted. Raises SystemExit when a request fails.
    """
    cells = [
        Cell(operation, count, files[operation], limits[against.get(operation, operation)])
        for operation in operations
        for count in ALONE.get(operation, connections)
    ]
    for number in range(rounds + 1):
        for place, cell in enumerate(cells):
            pair = [(ours, cell.ours, cell.kith), (limit, cell.limit, cell.bare)]
            for served, file, samples in pair if (number + place) % 2 else reversed(pair):
                sample = _round(served, cell, file, seconds, number * 997 + place * 101, run)
                if number:
                    samples.append(sample)
            progress()
    return cells


def _round(served: Served, cell: Cell, file: Path, seconds: int, turn: int, run: Run) -> Sample:
    """One round. When nothing was answered in it, by a slow operation or a disk that stood still, one twice as long."""
    for attempt in range(TRIES):
        sample = run(served, file, cell.connections, seconds * 2**attempt, turn)
        if sample.failed:
            raise SystemExit(f"{served.name}: {sample.failed} of {sample.requests} requests of {cell.operation} failed")
        if sample.requests:
            return sample
    raise SystemExit(
        f"{served.name} answered no request of {cell.operation} over {cell.connections} connections"
        f" within {seconds * 2 ** (TRIES - 1)} s: is the machine too busy? --seconds makes rounds longer"
    )
