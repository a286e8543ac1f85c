"""What `kith serve` says to the person who started it: addresses, the demo's progress, calls to paste."""

import asyncio
import shlex
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.fhir import base
from app.fhir.human_name import written

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The token of the sandbox client, and the file that holds it."""

    token: str
    file: Path


def welcome(root: str, console: Console, *, demo: bool, sandbox: Sandbox | None = None) -> None:
    """Waits until the service at `root` answers, says where it is, and with `demo` loads the demo and shows calls."""
    wait(root, console)
    console.print(f"\n[bold]Kith serves FHIR R4[/bold] at {root}{base.PATH}", highlight=False)
    console.print(f"  what it can do  {root}{base.PATH}/metadata", highlight=False)
    console.print(f"  documentation   {root}/docs", highlight=False)
    if demo and sandbox:
        show_sandbox(sandbox, console)
    if demo and load_demo(root, console, sandbox.token if sandbox else ""):
        show_calls(root, console, sandbox)
    console.print("\nCtrl-C stops it.", highlight=False)


def wait(root: str, console: Console) -> None:
    """Waits until the service answers, by HTTP, or by not liking this client's TLS; says so when it takes long.

    A service that does not start ends the process, and this with it.
    """
    deadline: float | None = time.monotonic() + PATIENCE
    # One client: to make it reads every certificate authority, and the service is starting beside this.
    with httpx.Client(timeout=PATIENCE) as client:
        while True:
            try:
                client.get(f"{root}/_ping")
            except httpx.HTTPError as problem:
                if "[SSL:" in str(problem):
                    return
            else:
                return
            if deadline and time.monotonic() >= deadline:
                console.print(f"{root} does not answer yet: still waiting.", highlight=False)
                deadline = None
            time.sleep(0.1)


def show_sandbox(sandbox: Sandbox, console: Console) -> None:
    """Says that this is a sandbox, and the token that opens it."""
    console.print("\n[bold black on yellow] SANDBOX [/] A client that may do everything: for made-up people alone.")
    console.print(f"Its token is in {sandbox.file}, good for twelve hours and until the next start:", highlight=False)
    console.print(f"\n{sandbox.token}", highlight=False, soft_wrap=True, markup=False)


def load_demo(root: str, console: Console, token: str = "") -> bool:
    """Loads the demo through the API of the service at `root`, with a progress bar. Whether it is all there."""
    from app.demo.load import load
    from app.demo.resources import PATIENTS

    columns = (TextColumn("[bold]Demo"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("demo")
        report = asyncio.run(load(root, lambda done, total: progress.update(bar, completed=done, total=total), token))
    if report.failed:
        console.print(f"[red]The demo was not loaded:[/red] {report.problem}", highlight=False, markup=True)
        return False
    console.print(
        f"\nA made-up crisis team of {PATIENTS} patients: "
        f"{report.created} resources loaded, {report.unchanged} were there.",
        highlight=False,
    )
    return True


def show_calls(root: str, console: Console, sandbox: Sandbox | None = None) -> None:
    """Three calls about one patient of the demo, each with what it answers right now."""
    console.print("\nTry these:")
    given = f'-H "Authorization: Bearer $(cat {shlex.quote(str(sandbox.file))})" ' if sandbox else ""
    for url in calls(root):
        console.print(f"\n  curl -s {given}{shlex.quote(url)}", highlight=False, soft_wrap=True, markup=False)
        shown = answer(url, sandbox.token if sandbox else "")
        console.print(f"    {shown}", highlight=False, soft_wrap=True, markup=False)


def calls(root: str) -> Iterator[str]:
    """Searches for the supporters, consents and plans of the first patient of the demo who has all three."""
    from app.demo.resources import demo

    seen: dict[str, set[str]] = {}
    for resource in demo():
        patient = (resource.get("patient") or resource.get("subject") or {}).get("reference", "")
        if patient.startswith("Patient/"):
            seen.setdefault(patient, set()).add(resource["resourceType"])
    wanted = ("RelatedPerson", "Consent", "CarePlan")
    chosen = next(patient for patient, types in seen.items() if types.issuperset(wanted))
    for resource_type in wanted:
        yield f"{root}{base.PATH}/{resource_type}?patient={chosen}"


def answer(url: str, token: str = "") -> str:
    """One line about what the service answers to a search."""
    try:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = httpx.get(url, headers=headers, timeout=PATIENCE)
        bundle = response.json()
        found = [entry["resource"] for entry in bundle.get("entry", ())]
    except (httpx.HTTPError, ValueError) as error:
        return f"no answer: {error}"
    words = "; ".join(_words(resource) for resource in found)
    return f"{response.status_code}, {bundle['resourceType']} of {len(found)}: {words}"


def _words(resource: dict[str, object]) -> str:
    """What a person calls a resource: a name, a title, or its type and id."""
    names = resource.get("name")
    if isinstance(names, list) and names:
        return written(names[0])
    return str(resource.get("title") or f"{resource['resourceType']}/{resource['id']}, {resource.get('status', '')}")
