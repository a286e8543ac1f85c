"""The audit of dependencies: what it says, and with what it ends, with a vulnerability service and without."""

import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "dependencies.py"
SOUND = {"name": "asyncpg", "version": "0.32.0", "vulns": []}
BAD = {
    "name": "left",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["1.1"]}, {"id": "PYSEC-2", "fix_versions": []}],
}
UNKNOWN = {"name": "odd", "skip_reason": "not found"}


@pytest.fixture
def audited(monkeypatch, capsys):
    """Runs the audit where the auditor answers so each time; its exit code, and what it says."""
    spec = importlib.util.spec_from_file_location("dependencies", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    def run(*answers):
        given = iter(answers)

        def answer(command, **options):
            run.commands.append(command)
            one = next(given)
            if isinstance(one, Exception):
                raise one
            said = json.dumps({"dependencies": one, "fixes": []}) if isinstance(one, list) else ""
            return subprocess.CompletedProcess(command, 1, said, "" if isinstance(one, list) else one)

        monkeypatch.setattr(subprocess, "run", answer)
        return script.main(), capsys.readouterr().out

    run.commands = []
    return run


def test_what_is_not_vulnerable_is_counted(audited):
    assert audited([SOUND], [SOUND, SOUND, UNKNOWN]) == (0, "2 dependencies audited, 0 known vulnerabilities\n")


def test_each_known_vulnerability_is_a_line_and_ends_it(audited):
    code, said = audited([SOUND], [SOUND, BAD])
    assert code == 1
    assert said.splitlines() == [
        "left 1.0: PYSEC-1, CVE-1: mended in 1.1",
        "left 1.0: PYSEC-2: not mended yet",
        "2 dependencies audited, 2 known vulnerabilities",
    ]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (["Traceback\nsomething: connection refused"], "something: connection refused"),
        ([subprocess.TimeoutExpired("pip_audit", 10)], "no answer in 10 seconds"),
        ([[UNKNOWN]], "it knows none of the packages"),
        ([[SOUND], "ERROR: it went away"], "ERROR: it went away"),
    ],
)
def test_without_the_service_it_says_that_nothing_was_found_out(audited, answers, reason):
    code, said = audited(*answers)
    assert code == 0
    assert said == f"Dependencies were NOT audited, the vulnerability service is out of reach: {reason}\n"


def test_every_file_of_pins_is_asked_about_by_its_hashes(audited):
    audited([SOUND], [SOUND])
    for command in audited.commands:
        assert {"--require-hashes", "--disable-pip"} <= set(command)
    asked = [word.rpartition("/")[2] for word in audited.commands[-1] if word.startswith("--requirement=")]
    assert asked == ["build.txt", "dev.txt", "runtime.txt"]
