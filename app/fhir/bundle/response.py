"""The answer to a transaction or batch, joined from stored bytes. https://hl7.org/fhir/R4/bundle.html#transaction-response"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

from app.fhir import json
from app.fhir.bundle.read import Kind
from app.fhir.errors import Issue
from app.fhir.outcome import all_ok, operation_outcome, written

Returning = Literal["minimal", "representation", "OperationOutcome"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one entry: `name` is Type/id, `version` 0 when there is none, `updated` an instant.

    `content` is the JSON of the resource to show, None for none; `written` tells a write from a read, `kept` that it
    stored nothing: this version stands.
    """

    status: int
    name: str = ""
    version: int = 0
    updated: str = ""
    content: bytes | None = None
    issues: tuple[Issue, ...] = ()
    written: bool = False
    kept: bool = False


def response(kind: Kind, base_url: str, answers: Iterable[Answer], returning: Returning) -> bytes:
    """The Bundle, its entries in the order of those that were asked."""
    head = {
        "resourceType": "Bundle",
        "id": str(uuid4()),
        "type": f"{kind}-response",
        "link": [{"relation": "self", "url": base_url}],
    }
    entries = b",".join(_entry(answer, base_url, returning) for answer in answers)
    body = json.dumps(head)
    return b'%b,"entry":[%b]}' % (body[:-1], entries) if entries else body


def _entry(answer: Answer, base_url: str, returning: Returning) -> bytes:
    shown = answer.content is not None and (returning == "representation" or not answer.written)
    parts = list(_parts(answer, base_url, shown=shown))
    parts.append(b'"response":' + json.dumps(_said(answer, base_url, returning)))
    return b"{" + b",".join(parts) + b"}"


def _parts(answer: Answer, base_url: str, *, shown: bool) -> Iterator[bytes]:
    if answer.name and answer.status < 300:  # noqa: PLR2004  # what went well
        yield b'"fullUrl":' + json.dumps(f"{base_url}/{answer.name}")
    if shown:
        yield b'"resource":' + (answer.content or b"")


def _said(answer: Answer, base_url: str, returning: Returning) -> dict[str, Any]:
    said: dict[str, Any] = {"status": str(answer.status)}
    name = f"{answer.name}/_history/{answer.version}"
    if answer.version:
        if answer.written and answer.content is not None:
            said["location"] = f"{base_url}/{name}"
        said["etag"] = f'W/"{answer.version}"'
        said["lastModified"] = answer.updated
    if answer.issues:
        said["outcome"] = operation_outcome(answer.issues)
    elif answer.written and returning == "OperationOutcome":
        gone = answer.content is None
        said["outcome"] = all_ok("Deleted, or not there.") if gone else written(name, kept=answer.kept)
    return {name: value for name, value in said.items() if value}
