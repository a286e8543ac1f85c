"""history of a resource or of a type: https://hl7.org/fhir/R4/http.html#history"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.errors import NotFound
from app.fhir.search import date, result
from app.fhir.search.refusal import invalid, unsupported
from app.record.audited import read_audited
from app.record.context import Context
from app.record.stamp import instant
from app.storage import cursor
from app.storage import history as storage
from app.storage.cursor import Cursor
from app.storage.history import HistoryPage, HistoryQuery
from app.storage.resources import Stored

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KNOWN = ("_since", "_count", "_cursor", "_format", "_pretty")
STATUS = {"POST": "201", "PUT": "200", "PATCH": "200", "DELETE": "204"}


@dataclass(slots=True)
class Asked:
    """The parameters of a history: `said` is what the links repeat."""

    since: datetime | None = None
    count: int = 0
    cursor: str | None = None
    said: tuple[tuple[str, str], ...] = ()


async def history(
    context: Context, definition: ResourceDefinition, id_: str, pairs: Sequence[tuple[str, str]]
) -> bytes:
    """A history Bundle as JSON, newest version first; `id_` is empty for the history of the type.

    Raises BadRequest for parameters that cannot be understood, NotFound, Unavailable.
    """
    interaction = "history-instance" if id_ else "history-type"
    async with read_audited(context, interaction, definition.type, id_, query=urlencode(pairs)) as answered:
        asked = _asked(pairs, context)
        name = f"{definition.type}/{id_}" if id_ else definition.type
        fingerprint = sha256(f"{name} {asked.since}".encode()).hexdigest()[:32]
        before = _place(context, asked, fingerprint)
        query = HistoryQuery(definition.type, id_, asked.since, before, asked.count)
        async with context.database.connection() as connection:
            page = await storage.history(connection, query, context.visibility)
        if id_ and not page.exists:
            raise NotFound(f"There is no {name}.")
        answered.patient = page.versions[0].patient if id_ and page.versions else ""
        return _bundle(context, f"{context.base_url}/{name}/_history", asked, page, fingerprint)


def _asked(pairs: Sequence[tuple[str, str]], context: Context) -> Asked:
    asked = Asked(count=context.policy.default_count)
    for name, value in pairs:
        if name not in KNOWN:
            raise unsupported(name, f"is not known to history; known are {', '.join(KNOWN)}.")
        if sum(other == name for other, _ in pairs) > 1:
            raise invalid(name, "may be given once.")
        if name == "_since":
            asked.since = _moment(value)
        elif name == "_count":
            asked.count = max(1, result.count(value, context.policy.max_count))
        elif name == "_cursor":
            asked.cursor = value
    asked.said = tuple(pair for pair in pairs if pair[0] != "_cursor")
    return asked


def _moment(text: str) -> datetime:
    covered = date.span(text.replace(" ", "+"))
    if covered is None:
        raise invalid("_since", "takes an instant such as 2026-03-09T10:30:00Z.")
    try:
        return EPOCH + timedelta(microseconds=covered[0])
    except OverflowError:
        raise invalid("_since", "is beyond the times that can be told.") from None


def _place(context: Context, asked: Asked, fingerprint: str) -> int:
    if asked.cursor is None:
        return 0
    found = cursor.loads(asked.cursor, context.cursor_key)
    cursor.check(found, fingerprint)
    return found.key


def _bundle(context: Context, url: str, asked: Asked, page: HistoryPage, fingerprint: str) -> bytes:
    links = [{"relation": "self", "url": _address(url, asked.said)}]
    if page.more:
        place = cursor.dumps(Cursor(fingerprint, 0, (), page.last, None), context.cursor_key)
        links.append({"relation": "next", "url": _address(url, (*asked.said, ("_cursor", place)))})
    head: dict[str, object] = {"resourceType": "Bundle", "type": "history"}
    if page.total is not None:
        head["total"] = page.total
    head["link"] = links
    if not page.versions:
        return json.dumps(head)
    versions = zip(page.versions, page.created, strict=True)
    entries = b",".join(_entry(context.base_url, version, created) for version, created in versions)
    return json.dumps(head)[:-1] + b',"entry":[' + entries + b"]}"


def _address(url: str, said: Sequence[tuple[str, str]]) -> str:
    return f"{url}?{urlencode(said)}" if said else url


def _entry(base_url: str, version: Stored, created: bool) -> bytes:
    """One version; its stored bytes are put in as they are."""
    name = f"{version.type}/{version.id}"
    status = "201" if created and version.content is not None else STATUS[version.method]
    about = {
        "request": {"method": version.method, "url": version.type if version.method == "POST" else name},
        "response": {
            "status": status,
            "etag": f'W/"{version.version}"',
            "lastModified": instant(version.updated),
        },
    }
    url = json.dumps(f"{base_url}/{name}")
    content = b',"resource":' + version.content if version.content is not None else b""
    return b'{"fullUrl":' + url + content + b"," + json.dumps(about)[1:]
