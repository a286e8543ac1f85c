"""The Bundle of a search, joined from stored bytes. https://hl7.org/fhir/R4/bundle.html#searchset"""

import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

from app.fhir import json
from app.fhir.errors import Issue
from app.fhir.outcome import operation_outcome
from app.fhir.uuids import new_uuid

# What may stand in a query as it is, besides letters, digits and -._~
_PLAIN: Final = ":/,"
_ALL_PLAIN: Final = re.compile(rf"[A-Za-z0-9\-._~{_PLAIN}]*")

Link = tuple[str, str]


def url(base_url: str, path: str, pairs: Sequence[tuple[str, str]]) -> str:
    """The address of a search by GET; `path` is '' for one of everything."""
    address = f"{base_url}/{path}" if path else base_url
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
    return f"{address}?{query}" if query else address


def match(full_url: str, content: bytes) -> bytes:
    """The entry of a resource that was found."""
    return b'{"fullUrl":%b,"resource":%b,"search":{"mode":"match"}}' % (json.dumps(full_url), content)


def nameless(content: bytes) -> bytes:
    """The entry of an answer that is no stored resource, and has no address of its own."""
    return b'{"resource":%b,"search":{"mode":"match"}}' % content


def include(full_url: str, content: bytes, links: Sequence[Link] = ()) -> bytes:
    """The entry of a resource that comes along with what was found, perhaps with links of its own."""
    linked = b'"link":%b,' % json.dumps(_links(links)) if links else b""
    return b'{%b"fullUrl":%b,"resource":%b,"search":{"mode":"include"}}' % (linked, json.dumps(full_url), content)


def outcome(issues: Iterable[Issue]) -> bytes:
    """The entry that reports what was ignored or left out."""
    return b'{"resource":%b,"search":{"mode":"outcome"}}' % json.dumps(operation_outcome(issues))


def searchset(entries: Sequence[bytes], total: int | None, links: Sequence[Link]) -> bytes:
    """The Bundle; `total` is left out when it is not known, `entry` when there is none."""
    head = {
        "resourceType": "Bundle",
        "id": new_uuid(),
        "type": "searchset",
        **({} if total is None else {"total": total}),
        "link": _links(links),
    }
    body = json.dumps(head)
    return b'%b,"entry":[%b]}' % (body[:-1], b",".join(entries)) if entries else body


def _links(links: Sequence[Link]) -> list[dict[str, str]]:
    return [{"relation": relation, "url": address} for relation, address in links]


def _quoted(text: str) -> str:
    return text if _ALL_PLAIN.fullmatch(text) else quote(text, safe=_PLAIN, errors="replace")
