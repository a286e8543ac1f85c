"""The calls of the README answer what it says they answer; those of docs/recording.md too, which go on with its people,
and those of docs/client.md, whose script gets a token.
"""

import re
import runpy
import shlex
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app import sandbox
from app.cli import kith
from app.config import Settings
from tests.openapi.random_requests import serving
from tests.pages import DOCS
from tests.readme import HERE, README, calls, check, section

pytestmark = pytest.mark.usefixtures("logging_as_it_was")

SCRIPT = re.compile(r"```python\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\.venv/bin/kith (client [^>\n]*)", re.MULTILINE)


@pytest.fixture(scope="module")
def address(module_database_url: str) -> Iterator[str]:
    with serving(module_database_url, authentication="on") as served:
        yield served


def answer_as_said(text: str, address: str, token: str) -> int:
    found = list(calls(text, token))
    for call in found:
        check(call, httpx.request(call.method, address + call.path, headers=call.headers, content=call.body))
    return len(found)


def test_every_call_of_the_readme_answers_what_it_says(
    address: str, module_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    own = (DOCS / "client.md").read_text()
    settings = Settings(database_url=module_database_url, data=tmp_path)
    sandbox.prepare(settings, module_database_url)
    assert answer_as_said(section("First calls"), address, sandbox.token(settings)) >= 8

    monkeypatch.chdir(tmp_path)
    client = registered(own, tmp_path, module_database_url)
    post = httpx.post
    monkeypatch.setattr(httpx, "post", lambda url, data: post(url.replace(HERE, address), data=data))
    (script,) = SCRIPT.findall(own)
    assert len(script.splitlines()) <= 13
    (saved,) = set(re.findall(r"(\w+)\.py", own))
    assert saved not in sys.stdlib_module_names  # or Python would find the script where it looks for its own
    Path(f"{saved}.py").write_text(script)
    monkeypatch.setattr(sys, "argv", [f"{saved}.py", client, "epr.private.jwk.json"])
    capsys.readouterr()
    runpy.run_path(f"{saved}.py")
    assert answer_as_said(own, address, capsys.readouterr().out.strip()) == 2
    assert answer_as_said(timed((DOCS / "recording.md").read_text()), address, sandbox.token(settings)) == 9


def timed(text: str) -> str:
    """A text with the times that its reader's shell puts in: a second that begins after all that was recorded before.

    What was agreed to in the second in which capacity was found lacking would count as given without it.
    """
    now = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    while datetime.now(UTC) < now:
        time.sleep(0.05)
    return text.replace("'$NOW'", now.isoformat()).replace("'$END'", (now + timedelta(hours=24)).isoformat())


def registered(text: str, folder: Path, url: str) -> str:
    """Runs the commands that make a key and register a client; the client_id that is printed."""
    key, add = (shlex.split(command) for command in COMMAND.findall(text))
    environment = {"KITH_DATABASE_URL": url}
    made = CliRunner(env=environment).invoke(kith, key)
    assert made.exit_code == 0, made.output
    (folder / "epr.jwks.json").write_text(made.stdout)
    assert (folder / "epr.private.jwk.json").stat().st_mode & 0o777 == 0o600
    added = CliRunner(env=environment).invoke(kith, add)
    assert added.exit_code == 0, added.output
    return added.stdout.strip()


def test_every_page_that_the_readme_names_is_there() -> None:
    for page in re.findall(r"\]\((docs/[^)#]*)[^)]*\)", README.read_text()):
        if not (README.parent / page).exists():
            pytest.fail(f"{page} does not exist")
