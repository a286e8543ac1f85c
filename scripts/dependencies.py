"""Asks a vulnerability service about every pinned package: `make audit`, and at the end of `make check`.

Ends with 1 when one is known to be vulnerable. Where the service cannot be reached it says that nothing was found out,
and ends with 0: whoever has no network must still be able to check their work.
https://github.com/pypa/pip-audit
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

PINNED = Path(__file__).parents[1] / "requirements"
FEW = PINNED / "build.txt"
OPTIONS = ("--require-hashes", "--disable-pip", "--progress-spinner=off", "--format=json", "--timeout=3")
# Long enough to learn that there is no service, and to ask about each of some hundred packages where there is one.
FEW_SECONDS, ALL_SECONDS = 10, 300

Dependency = dict[str, Any]


class NotAskedError(Exception):
    """There is no service, or none that knows the packages; str() says why."""


def main() -> int:
    """The exit code, after a line or more about what was found."""
    try:
        asked([FEW], FEW_SECONDS)
        found = asked(sorted(PINNED.glob("*.txt")), ALL_SECONDS)
    except NotAskedError as reason:
        sys.stdout.write(f"Dependencies were NOT audited, the vulnerability service is out of reach: {reason}\n")
        return 0
    problems = list(vulnerable(found))
    sys.stdout.writelines(f"{line}\n" for line in problems)
    sys.stdout.write(f"{len(found)} dependencies audited, {len(problems)} known vulnerabilities\n")
    return 1 if problems else 0


def asked(files: Iterable[Path], seconds: float) -> list[Dependency]:
    """What the service says of each package that it knows. Raises NotAskedError."""
    named = [f"--requirement={file}" for file in files]
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "pip_audit", *OPTIONS, *named],
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        dependencies: list[Dependency] = json.loads(ran.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        raise NotAskedError(f"no answer in {seconds:g} seconds") from None
    except ValueError:
        raise NotAskedError(ran.stderr.strip().rpartition("\n")[2][:200]) from None
    known = [each for each in dependencies if "skip_reason" not in each]
    if not known:
        raise NotAskedError("it knows none of the packages")
    return known


def vulnerable(dependencies: Iterable[Dependency]) -> Iterator[str]:
    """A line for each known vulnerability."""
    for each in dependencies:
        for one in each["vulns"]:
            names = ", ".join((one["id"], *one.get("aliases", ())))
            better = f"mended in {', '.join(one['fix_versions'])}" if one["fix_versions"] else "not mended yet"
            yield f"{each['name']} {each['version']}: {names}: {better}"


if __name__ == "__main__":
    raise SystemExit(main())
