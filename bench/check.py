"""Whether both services answer the same, before anything is measured."""

import http.client
import json
from pathlib import Path
from typing import Any

from bench import questions
from bench.bodies import BODIES
from bench.generator import requests
from bench.people import SUPPORTERS
from bench.servers import Served


def check(ours: Served, limit: Served, files: dict[str, Path]) -> None:
    """Asks both the same things, of Kith's patients. Raises SystemExit when an answer is not what the other's is."""
    read, search = (requests(files[operation])[0] for operation in ("read", "search"))
    if _body(ours, read) != _body(limit, read):
        raise SystemExit("the services read different bytes")
    ids = [[entry["resource"]["id"] for entry in json.loads(_body(one, search))["entry"]] for one in (ours, limit)]
    if ids[0] != ids[1] or len(ids[0]) != SUPPORTERS:
        raise SystemExit(f"the services find different resources: {ids}")
    for operation in files.keys() & {"transaction", "load"}:
        bundle = requests(files[operation])[0]
        stored, limits = (_without_ids(json.loads(_body(one, bundle))) for one in (ours, limit))
        if stored != limits:
            raise SystemExit(f"the services store different resources: {stored} and {limits}")
    for operation in BODIES:
        creation = requests(files[operation])[0]
        first, second = (_without_id(json.loads(_body(one, creation))) for one in (ours, limit))
        if first != second:
            raise SystemExit(f"the services store different resources: {first} and {second}")
    for operation, *_ in questions.ALL:
        answer = _body(ours, requests(files[operation])[0])
        if not any(permit in answer for permit in (b'"permit"', b'"decision":true')):
            raise SystemExit(f"Kith permits nothing of what {operation} asks: {answer.decode()[:500]}")


def _body(served: Served, request: bytes) -> bytes:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    connection.request(method, path, body or None, dict(line.split(": ", 1) for line in lines))
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status >= 300:
        raise SystemExit(f"{served.name} answers {answer.status} to {method} {path}: {content.decode()[:500]}")
    return content


def _without_id(resource: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name not in ("id", "meta")}


def _without_ids(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    """The resources of an answer, without their ids and the references to them."""
    found = [entry["resource"] for entry in bundle["entry"]]
    ids = {resource["id"] for resource in found}
    text = json.dumps([_without_id(resource) for resource in found])
    for id_ in ids:
        text = text.replace(id_, "")
    resources: list[dict[str, Any]] = json.loads(text)
    return resources
