"""The load tool: wrk where it is installed, otherwise bench/generator.py; one run is one line of figures."""

import json
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.servers import Served

PATIENCE = 60
_SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True, slots=True)
class Sample:
    """One short run against one service; processor seconds are those of the service and of the load tool."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    failed: int
    service_cpu: float
    tool_cpu: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def cpu_per_request(self) -> float:
        """Seconds of the service's processor time, without PostgreSQL's."""
        return self.service_cpu / self.requests


def name() -> str:
    """Which tool is used."""
    return "wrk" if shutil.which("wrk") else "bench/generator.py (uvloop); wrk is not installed"


def run(served: Served, requests: Path, connections: int, seconds: int, turn: int) -> Sample:
    """Sends the requests of a file from place `turn` on, over so many connections. Raises SystemExit when it fails."""
    if shutil.which("wrk"):
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(_SCRIPT)]
        command += [served.address, "--", str(requests), str(turn)]
    else:
        generator = [sys.executable, "-m", "bench.generator"]
        command = [*generator, *map(str, (served.port, connections, seconds, requests, turn))]
    service, tool = served.cpu_seconds(), _children_cpu()
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + PATIENCE)
    result = next((line[7:] for line in done.stdout.splitlines() if line.startswith("RESULT ")), None)
    if result is None:
        raise SystemExit(f"the load tool failed: {done.stderr.strip() or done.stdout.strip()}")
    return Sample(**json.loads(result), service_cpu=served.cpu_seconds() - service, tool_cpu=_children_cpu() - tool)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
