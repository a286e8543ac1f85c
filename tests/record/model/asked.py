"""What callers ask of a small world of Organizations, and how it is sent: alone, or in a transaction or batch."""

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Literal

JSON_PATCH = "application/json-patch+json"

Resource = dict[str, Any]


@dataclass(frozen=True, order=True)
class Content:
    """What the model knows of an Organization: its alias, its identifier, and the id of what it is part of ("": none).

    In a request `part` may be the number of the entry of the same transaction that makes it.
    """

    mark: str
    identifier: str
    part: str | int = ""


@dataclass(frozen=True)
class Asked:
    """One interaction. It is about the resource of `id`, or about the one with the identifier of `criteria`.

    A GET without either finds the whole world; `version` and `history` go with an id. A patch demands that the mark is
    `tested` (unless None) and makes it `mark`.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    id: str = ""
    criteria: str = ""
    content: Content | None = None
    tested: str | None = None
    mark: str = ""
    if_match: int | None = None
    only_new: bool = False
    version: int = 0
    history: bool = False


@dataclass(frozen=True)
class Together:
    """Several of them in one Bundle."""

    kind: Literal["transaction", "batch"]
    asked: tuple[Asked, ...]


def resource(content: Content, world: str, urns: list[str], id_: str = "") -> Resource:
    """The Organization of such a content."""
    part = urns[content.part] if isinstance(content.part, int) else f"Organization/{content.part}"
    return {
        "resourceType": "Organization",
        **({"id": id_} if id_ else {}),
        "name": world,
        "alias": [content.mark],
        "identifier": [{"value": content.identifier}],
        **({"partOf": {"reference": part}} if content.part != "" else {}),
    }


def content(resource_: Resource) -> Content:
    """The content of an Organization as it was answered."""
    part = resource_.get("partOf", {}).get("reference", "").removeprefix("Organization/")
    return Content(resource_["alias"][0], resource_["identifier"][0]["value"], part)


def _operations(asked: Asked) -> list[Resource]:
    tested = [] if asked.tested is None else [{"op": "test", "path": "/alias/0", "value": asked.tested}]
    return [*tested, {"op": "replace", "path": "/alias/0", "value": asked.mark}]


def _url(asked: Asked, world: str) -> str:
    if asked.method == "POST":
        return "Organization"
    if asked.id:
        more = "/_history" if asked.history else f"/_history/{asked.version}" if asked.version else ""
        return f"Organization/{asked.id}{more}"
    if asked.criteria:
        return f"Organization?identifier={asked.criteria}"
    return f"Organization?name:exact={world}&_count=200"


def alone(asked: Asked, world: str) -> Resource:
    """The request, as httpx takes it."""
    headers = {}
    if asked.if_match is not None:
        headers["If-Match"] = f'W/"{asked.if_match}"'
    if asked.only_new:
        headers["If-None-Match"] = "*"
    if asked.method == "POST" and asked.criteria:
        headers["If-None-Exist"] = f"identifier={asked.criteria}"
    body = None
    if asked.content is not None:
        body = resource(asked.content, world, [], asked.id)
    if asked.method == "PATCH":
        headers["Content-Type"], body = JSON_PATCH, _operations(asked)
    return {"method": asked.method, "url": f"/{_url(asked, world)}", "headers": headers, "json": body}


def bundle(together: Together, world: str, urns: list[str]) -> Resource:
    """The Bundle; each entry that makes or replaces something goes by its number in `urns`."""
    entries = [_entry(asked, world, urns, number) for number, asked in enumerate(together.asked)]
    return {"resourceType": "Bundle", "type": together.kind, "entry": entries}


def _entry(asked: Asked, world: str, urns: list[str], number: int) -> Resource:
    request: Resource = {"method": asked.method, "url": _url(asked, world)}
    if asked.if_match is not None:
        request["ifMatch"] = f'W/"{asked.if_match}"'
    if asked.only_new:
        request["ifNoneMatch"] = "*"
    if asked.method == "POST" and asked.criteria:
        request["ifNoneExist"] = f"identifier={asked.criteria}"
    entry: Resource = {"request": request}
    if asked.content is not None:
        entry["resource"] = resource(asked.content, world, urns, asked.id)
        entry["fullUrl"] = urns[number]
    if asked.method == "PATCH":
        data = b64encode(json.dumps(_operations(asked)).encode()).decode()
        entry["resource"] = {"resourceType": "Binary", "contentType": JSON_PATCH, "data": data}
    return entry
