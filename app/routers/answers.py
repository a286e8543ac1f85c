"""Results as HTTP: status, ETag, Last-Modified, Location, and the body that Prefer asked for.

https://hl7.org/fhir/R4/http.html#versioning, https://hl7.org/fhir/R4/http.html#ops
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from starlette.responses import Response

from app.fhir import json
from app.fhir.errors import Issue
from app.fhir.outcome import operation_outcome, written
from app.fhir.search.part import Part
from app.interactions.result import Result
from app.record.context import Context
from app.routers.headers import http_date
from app.routers.negotiation import Wish
from app.storage.resources import Stored

# Of the 4 kB that nginx has for all headers of an answer, unless it is told otherwise.
_WARNING_BYTES: Final = 2_000
_LONGEST_WARNING: Final = 1_000


def of_read(result: Result, wish: Wish, part: Part | None = None) -> Response:
    """200 with the version that was read, or the part of it that was asked for; 304 when the caller has it."""
    headers = _version_headers(result.stored)
    if result.unchanged:
        return Response(b"", 304, headers)
    content = result.stored.content or b""
    return Response(body(part.of(content) if part else content, wish), 200, headers, wish.media_type)


def of_write(result: Result, context: Context, wish: Wish) -> Response:
    """201 or 200 with the stored version, nothing, or an OperationOutcome, as the caller prefers."""
    stored = result.stored
    headers = _version_headers(stored)
    name = f"{stored.type}/{stored.id}/_history/{stored.version}"
    # Criteria may have found it, and whoever wants no body would not learn which it is.
    if result.created or wish.returning != "OperationOutcome":
        headers["Location" if result.created else "Content-Location"] = f"{context.base_url}/{name}"
    headers |= warned(result.warnings)
    status = 201 if result.created else 200
    if wish.returning == "minimal":
        return Response(b"", status, headers)
    if wish.returning == "OperationOutcome":
        outcome = operation_outcome(result.warnings) if result.warnings else written(name, kept=result.kept)
        return Response(json.dumps(outcome, wish.pretty), status, headers, wish.media_type)
    return Response(body(stored.content or b"", wish), status, headers, wish.media_type)


def warned(warnings: Sequence[Issue]) -> dict[str, str]:
    """The header that tells of warnings, when there are any: the first of them, as far as proxies let headers pass."""
    told: list[str] = []
    size = 0
    for issue in warnings:
        warning = _warning(issue)
        size += len(warning)
        if told and size > _WARNING_BYTES:
            more = f"{len(warnings) - len(told)} more: Prefer return=OperationOutcome tells them all."
            told.append(_warning(Issue("informational", more)))
            break
        told.append(warning)
    return {"Warning": ", ".join(told)} if told else {}


def of_delete(version: int) -> Response:
    """204, with the ETag of the version that is the deletion."""
    return Response(b"", 204, {"ETag": etag(version)} if version else None)


def of_question(answer: Mapping[str, Any], wish: Wish) -> Response:
    """200 with what was worked out, in JSON."""
    return Response(json.dumps(answer, wish.pretty), media_type=wish.media_type)


def body(content: bytes, wish: Wish) -> bytes:
    """Stored JSON as the caller wants it: as it is, or indented (digits of decimals kept)."""
    return json.dumps(json.loads(content), pretty=True) if wish.pretty else content


def etag(version: int) -> str:
    return f'W/"{version}"'


def _version_headers(stored: Stored) -> dict[str, str]:
    return {"ETag": etag(stored.version), "Last-Modified": http_date(stored.updated)}


def _warning(issue: Issue) -> str:
    """A warning as a header (RFC 7234, 5.5): the body of a write is the resource and has no room for it."""
    text = f"{issue.expression}: {issue.diagnostics}" if issue.expression else issue.diagnostics
    text = text if len(text) <= _LONGEST_WARNING else f"{text[:_LONGEST_WARNING]}..."
    plain = "".join(each if each.isascii() and each.isprintable() else "?" for each in text)
    return f"199 kith {orjson.dumps(plain).decode()}"
