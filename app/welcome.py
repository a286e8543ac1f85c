"""What `kith serve` says to the person who started it: addresses, the demo's progress, calls to paste."""

import asyncio
import shlex
import time
from collections.abc import Iterator

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

BASE_PATH = "/FHIR/R4"
PATIENCE = 60.0


def welcome(root: str, console: Console, *, demo: bool) -> None:
    """Waits until the service at `root` answers, says where it is, and with `demo` loads the demo and shows calls."""
    if not answers(root):
        return
    console.print(f"\n[bold]Kith serves FHIR R4[/bold] at {root}{BASE_PATH}", highlight=False)
    console.print(f"  what it can do  {root}{BASE_PATH}/metadata", highlight=False)
    console.print(f"  documentation   {root}/docs", highlight=False)
    if demo and load_demo(root, console):
        show_calls(root, console)
    console.print("\nCtrl-C stops it.", highlight=False)


def answers(root: str) -> bool:
    """Whether the service answers HTTP within a minute."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{root}/_ping", timeout=PATIENCE)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return True
    return False


def load_demo(root: str, console: Console) -> bool:
    """Loads the demo through the API of the service at `root`, with a progress bar. Whether it is all there."""
    from app.demo.load import load

    columns = (TextColumn("[bold]Demo"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("demo")
        report = asyncio.run(load(root, lambda done, total: progress.update(bar, completed=done, total=total)))
    if report.failed:
        console.print(f"[red]The demo was not loaded:[/red] {report.problem}", highlight=False, markup=True)
        return False
    console.print(
        f"\nA made-up crisis team: {report.created} resources loaded, {report.unchanged} were there.", highlight=False
    )
    return True


def show_calls(root: str, console: Console) -> None:
    """Three calls about one patient of the demo, each with what it answers right now."""
    console.print("\nTry these:")
    for url in calls(root):
        console.print(f"\n  curl -s {shlex.quote(url)}", highlight=False, soft_wrap=True, markup=False)
        console.print(f"    {answer(url)}", highlight=False, soft_wrap=True, markup=False)


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
        yield f"{root}{BASE_PATH}/{resource_type}?patient={chosen}"


def answer(url: str) -> str:
    """One line about what the service answers to a search."""
    try:
        response = httpx.get(url, timeout=PATIENCE)
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
        name = names[0]
        return str(name.get("text") or " ".join([*name.get("given", ()), name.get("family", "")]))
    return str(resource.get("title") or f"{resource['resourceType']}/{resource['id']}, {resource.get('status', '')}")
