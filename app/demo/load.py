"""Loads the demo into a running service through its public API, as any other client would."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter

import httpx
import orjson

from app.demo.people import Resource
from app.demo.resources import demo
from app.fhir import nhs_number
from app.fhir.references import references, target

CONNECTIONS = 8
_PATH = "/FHIR/R4"
_FHIR_JSON = {"Content-Type": "application/fhir+json", "Accept": "application/fhir+json", "Prefer": "return=minimal"}


@dataclass(slots=True)
class LoadReport:
    """How many versions were created, found already there, and refused; `problem` says why the load stopped."""

    created: int = 0
    unchanged: int = 0
    failed: int = 0
    problem: str = ""


class _RefusedError(Exception):
    """The service did not take a resource."""


async def load(base_url: str, on_progress: Callable[[int, int], None], token: str = "") -> LoadReport:
    """Puts every demo resource that the service at `base_url` (its root) has not; what is there stays as it is.

    `on_progress` is called with (done, total) after each resource. Stops at the first refusal.
    """
    headers = _FHIR_JSON | ({"Authorization": f"Bearer {token}"} if token else {})
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=30) as client:
        return await load_with(client, list(demo()), on_progress)


async def load_with(
    client: httpx.AsyncClient, resources: list[Resource], on_progress: Callable[[int, int], None]
) -> LoadReport:
    """As `load`, these resources through this client."""
    report, turns = LoadReport(), asyncio.Semaphore(CONNECTIONS)

    async def one(versions: list[Resource]) -> None:
        async with turns:
            await _load(client, versions, report)
            on_progress(report.created + report.unchanged, len(resources))

    try:
        for wave in waves(resources):
            async with asyncio.TaskGroup() as group:
                for versions in wave:
                    group.create_task(one(versions))
    except* (_RefusedError, httpx.HTTPError) as problems:
        report.failed = len(problems.exceptions)
        report.problem = _words(problems.exceptions[0])
    return report


def waves(resources: list[Resource]) -> Iterator[list[list[Resource]]]:
    """The resources in waves: each refers only to earlier waves; versions of one resource come together, in order."""
    versions: dict[str, list[Resource]] = {}
    for resource in resources:
        versions.setdefault(_name(resource), []).append(resource)
    known = {name: name for name in versions} | _by_nhs_number(resources)
    sorter = TopologicalSorter({name: _needs(chain, known) - {name} for name, chain in versions.items()})
    sorter.prepare()
    while sorter.is_active():
        ready = sorter.get_ready()
        yield [versions[name] for name in ready]
        sorter.done(*ready)


async def _load(client: httpx.AsyncClient, versions: list[Resource], report: LoadReport) -> None:
    url = f"{_PATH}/{_name(versions[0])}"
    found = await client.get(url)
    if found.status_code in (httpx.codes.OK, httpx.codes.GONE):
        report.unchanged += len(versions)
        return
    for version in versions:
        answer = await client.put(url, content=orjson.dumps(version))
        if not answer.is_success:
            raise _RefusedError(f"PUT {url} was answered {answer.status_code}: {_outcome(answer)}")
        report.created += 1


def _needs(versions: list[Resource], known: dict[str, str]) -> set[str]:
    """The names of what these refer to, as far as it is `known` (by name, or by NHS number)."""
    written = [_written(each.element) for version in versions for each in references(version)]
    return {known[each] for each in written if each in known}


def _written(reference: Resource) -> str:
    to = target(reference.get("reference", ""), ())
    if to is None:
        return str(reference.get("identifier", {}).get("value", ""))
    return to.id if nhs_number.has_ten_digits(to.id) else f"{to.type}/{to.id}"


def _by_nhs_number(resources: list[Resource]) -> dict[str, str]:
    return {
        identifier["value"]: _name(resource)
        for resource in resources
        if resource["resourceType"] == "Patient"
        for identifier in resource.get("identifier", ())
        if identifier["system"] == nhs_number.SYSTEM
    }


def _name(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def _outcome(answer: httpx.Response) -> str:
    """The text of an OperationOutcome, or the start of whatever came instead."""
    try:
        issues = orjson.loads(answer.content)["issue"]
        return "; ".join(" at ".join([issue["diagnostics"], *issue.get("expression", ())]) for issue in issues)
    except (ValueError, KeyError, TypeError):
        return answer.text[:200]


def _words(problem: BaseException) -> str:
    return str(problem) or f"{type(problem).__name__}: the service cannot be reached"
