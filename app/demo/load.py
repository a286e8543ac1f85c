"""Loads the demo into a running service through its public API, as any other client would."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from itertools import zip_longest

import httpx
import orjson

from app.demo.people import Resource
from app.demo.resources import team
from app.fhir import base, nhs_number
from app.fhir.references import references, target

ENTRIES = 100
_FHIR_JSON = {"Content-Type": "application/fhir+json", "Accept": "application/fhir+json", "Prefer": "return=minimal"}
_GONE = "410"


@dataclass(slots=True)
class LoadReport:
    """How many versions were created, found already there, and refused; `problem` says why the load stopped."""

    created: int = 0
    unchanged: int = 0
    failed: int = 0
    problem: str = ""


class _RefusedError(Exception):
    """The service did not take what it was sent."""


async def load(base_url: str, on_progress: Callable[[int, int], None], token: str = "") -> LoadReport:
    """Puts every record of the team, as of today, that the service at `base_url` (its root) has not.

    What is there stays as it is. `on_progress` is called with (done, total) after each transaction. Stops at the first
    that is refused.
    """
    headers = _FHIR_JSON | ({"Authorization": f"Bearer {token}"} if token else {})
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as client:
        return await load_with(client, team(datetime.now(UTC).date()), on_progress)


async def load_with(
    client: httpx.AsyncClient, resources: list[Resource], on_progress: Callable[[int, int], None]
) -> LoadReport:
    """As `load`, these resources through this client."""
    report = LoadReport()
    try:
        for bundle in bundles(resources):
            await _load(client, bundle, report)
            on_progress(report.created + report.unchanged, len(resources))
    except (_RefusedError, httpx.HTTPError) as problem:
        report.failed = 1
        report.problem = _words(problem)
    return report


def bundles(resources: list[Resource]) -> Iterator[list[list[Resource]]]:
    """The resources in parts of about ENTRIES, each with all its versions, none before those that it refers to.

    First what is of no patient; then whole patients, so that nobody ever sees half of what happened to one.
    """
    part: list[list[Resource]] = []
    for whose, theirs in _by_patient(resources).items():
        part += theirs
        if part and (len(part) >= ENTRIES or not whose):
            yield part
            part = []
    if part:
        yield part


def _by_patient(resources: list[Resource]) -> dict[str, list[list[Resource]]]:
    """The versions of each resource by whose they are: "" is nobody's, and comes first."""
    owners: dict[str, str] = {}
    found: dict[str, list[list[Resource]]] = {"": []}
    for wave in waves(resources):
        for versions in wave:
            named = sorted(_named(versions))
            whose = next((owners[each] for each in named if owners.get(each)), "")
            whose = whose or next((each for each in named if nhs_number.is_valid(each)), "")
            for each in (_name(versions[0]), *_by_nhs_number(versions)):
                owners[each] = whose or (_name(versions[0]) if versions[0]["resourceType"] == "Patient" else "")
            found.setdefault(owners[_name(versions[0])], []).append(versions)
    return found


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


async def _load(client: httpx.AsyncClient, bundle: list[list[Resource]], report: LoadReport) -> None:
    """One part: what is missing in one transaction, and in another each what has a further version."""
    there = await _there(client, [_name(versions[0]) for versions in bundle])
    missing = [versions for versions in bundle if _name(versions[0]) not in there]
    report.unchanged += sum(len(versions) for versions in bundle) - sum(len(versions) for versions in missing)
    for turn in zip_longest(*missing):
        entries = [_put(resource) for resource in turn if resource]
        await _sent(client, "transaction", entries)
        report.created += len(entries)


async def _there(client: httpx.AsyncClient, names: list[str]) -> set[str]:
    """Those that are there; of a part of which anything is, also those that were and are deleted."""
    by_type: dict[str, list[str]] = {}
    for name in names:
        by_type.setdefault(name.partition("/")[0], []).append(name)
    entries = [
        {"request": {"method": "GET", "url": f"{type_}?_elements=id&_count={len(of_type)}&_id={_ids(of_type)}"}}
        for type_, of_type in by_type.items()
    ]
    pages = [entry["resource"] for entry in (await _sent(client, "batch", entries))["entry"]]
    found = {_name(entry["resource"]) for page in pages for entry in page.get("entry", ())}
    rest = [name for name in names if name not in found]
    if not found or not rest:
        return found
    answer = await _sent(client, "batch", [{"request": {"method": "GET", "url": name}} for name in rest])
    statuses = [entry["response"]["status"] for entry in answer["entry"]]
    return found | {name for name, status in zip(rest, statuses, strict=True) if status.startswith(_GONE)}


def _ids(names: list[str]) -> str:
    return ",".join(name.partition("/")[2] for name in names)


async def _sent(client: httpx.AsyncClient, kind: str, entries: list[Resource]) -> Resource:
    content = orjson.dumps({"resourceType": "Bundle", "type": kind, "entry": entries})
    answer = await client.post(base.PATH, content=content)
    if not answer.is_success:
        raise _RefusedError(f"a {kind} was answered {answer.status_code}: {_outcome(answer)}")
    found: Resource = orjson.loads(answer.content)
    return found


def _put(resource: Resource) -> Resource:
    return {"resource": resource, "request": {"method": "PUT", "url": _name(resource)}}


def _needs(versions: list[Resource], known: dict[str, str]) -> set[str]:
    """The names of what these refer to, as far as it is `known` (by name, or by NHS number)."""
    return {known[each] for each in _named(versions) if each in known}


def _named(versions: list[Resource]) -> set[str]:
    """What these refer to: "Type/id", or NHS numbers."""
    return {_written(each.element) for version in versions for each in references(version)}


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
