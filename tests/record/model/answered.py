"""What came back, as far as the model has an opinion of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from tests.record.model.asked import Asked, Content, Together, content

Resource = dict[str, Any]
GIVEN_UP = "Others are changing the same resource at this moment"


@dataclass(frozen=True)
class Answered:
    """The answer to one interaction; `found` are the matches of a search, `versions` those of a history, oldest first
    (None: a deletion).
    """

    status: int
    id: str = ""
    version: int = 0
    content: Content | None = None
    found: frozenset[tuple[str, int, Content]] | None = None
    versions: tuple[Content | None, ...] | None = None


def refused(response: httpx.Response) -> Answered:
    """A refusal. The service may give up, with 409, when others keep changing the same: status 0."""
    return Answered(0 if GIVEN_UP in response.text else response.status_code)


def one(response: httpx.Response, asked: Asked) -> Answered:
    """The answer to an interaction that was sent alone."""
    if response.status_code >= 400:
        return refused(response)
    return _read(response.status_code, response.json() if response.content else None, asked)


def several(response: httpx.Response, together: Together) -> list[Answered]:
    """The answers to the entries of a Bundle; to each the refusal of the whole if it was refused."""
    if response.status_code >= 400:
        return [refused(response)] * len(together.asked)
    return [_entry(entry, asked) for entry, asked in zip(response.json()["entry"], together.asked, strict=True)]


def _entry(entry: Resource, asked: Asked) -> Answered:
    status = int(entry["response"]["status"][:3])
    if status >= 400:
        return Answered(0 if GIVEN_UP in str(entry["response"]) else status)
    return _read(status, entry.get("resource"), asked)


def _read(status: int, body: Resource | None, asked: Asked) -> Answered:
    if body is None:
        return Answered(status)
    if body["resourceType"] != "Bundle":
        return Answered(status, body["id"], int(body["meta"]["versionId"]), content(body))
    entries: Sequence[Resource] = body.get("entry", [])
    if asked.history:
        versions = [content(entry["resource"]) if "resource" in entry else None for entry in entries]
        return Answered(status, versions=tuple(reversed(versions)))
    found = [entry["resource"] for entry in entries]
    assert len(found) == body["total"]
    return Answered(
        status, found=frozenset((each["id"], int(each["meta"]["versionId"]), content(each)) for each in found)
    )
