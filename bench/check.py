"""Whether both services answer the same, before anything is measured."""

import http.client
import json
from pathlib import Path
from typing import Any

from bench.generator import requests
from bench.people import SUPPORTERS
from bench.servers import Served


def check(ours: Served, limit: Served, files: dict[str, Path]) -> None:
    """Asks both the same things. Raises SystemExit when an answer is not what the other's is."""
    read, search = (requests(files[operation])[0] for operation in ("read", "search"))
    if _body(ours, read) != _body(limit, read):
        raise SystemExit("the services read different bytes")
    ids = [[entry["resource"]["id"] for entry in json.loads(_body(one, search))["entry"]] for one in (ours, limit)]
    if ids[0] != ids[1] or len(ids[0]) != SUPPORTERS:
        raise SystemExit(f"the services find different resources: {ids}")
    for operation in files.keys() - {"read", "search"}:
        creation = requests(files[operation])[0]
        first, second = (_without_id(json.loads(_body(one, creation))) for one in (ours, limit))
        if first != second:
            raise SystemExit(f"the services store different resources: {first} and {second}")


def _body(served: Served, request: bytes) -> bytes:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines) | {"Content-Type": "application/fhir+json"}
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status >= 300:
        raise SystemExit(f"{served.name} answers {answer.status} to {method} {path}: {content.decode()[:500]}")
    return content


def _without_id(resource: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name not in ("id", "meta")}
