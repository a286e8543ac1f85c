"""history of a resource, of a type, and of everything: https://hl7.org/fhir/R4/http.html#history"""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from app.fhir import history as parameters
from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.errors import NotFound
from app.fhir.history import Asked
from app.fhir.resources import DEFINITIONS
from app.fhir.search.query import Limits
from app.record.audited import read_audited
from app.record.context import Context
from app.record.stamp import instant
from app.storage import cursor
from app.storage import history as storage
from app.storage.cursor import Cursor
from app.storage.history import HistoryPage, HistoryQuery, Version

STATUS = {"POST": "201", "PUT": "200", "PATCH": "200", "DELETE": "204"}


async def history(
    context: Context, definition: ResourceDefinition | None, id_: str, pairs: Sequence[tuple[str, str]]
) -> bytes:
    """A history Bundle as JSON, newest version first unless `_sort` says otherwise.

    `id_` is empty for the history of a type, `definition` None for that of everything. Raises BadRequest for parameters
    that cannot be understood, NotFound, Unavailable.
    """
    type_ = definition.type if definition else ""
    interaction = "history-instance" if id_ else "history-type" if definition else "history-system"
    async with read_audited(context, interaction, type_, id_, query=urlencode(pairs)) as answered:
        asked = parameters.parse(pairs, Limits(context.policy.default_count, context.policy.max_count))
        name = f"{type_}/{id_}".strip("/")
        position = cursor.position(asked.cursor, context.cursor_key, asked.fingerprint(name))
        query = HistoryQuery(
            (type_,) if definition else tuple(each.type for each in DEFINITIONS),
            id_,
            asked.since,
            asked.at,
            position.key if position else 0,
            asked.oldest_first,
            asked.count,
        )
        async with context.connection() as connection:
            page = await storage.history(connection, query, context.visibility)
        if not page.exists:
            raise NotFound(f"There is no {name}.")
        answered.about(version.stored.patient for version in page.versions)
        return _bundle(context, asked, name, page, position)


def _bundle(context: Context, asked: Asked, name: str, page: HistoryPage, position: Cursor | None) -> bytes:
    total = position.total if position else page.total
    links = [
        {"relation": relation, "url": url} for relation, url in _links(context, asked, name, page, position, total)
    ]
    head: dict[str, object] = {"resourceType": "Bundle", "type": "history"}
    if total is not None:
        head["total"] = total
    head["link"] = links
    if not page.versions:
        return json.dumps(head)
    entries = b",".join(_entry(context.base_url, version) for version in page.versions)
    return json.dumps(head)[:-1] + b',"entry":[' + entries + b"]}"


def _links(
    context: Context, asked: Asked, name: str, page: HistoryPage, position: Cursor | None, total: int | None
) -> Iterator[tuple[str, str]]:
    root = "/".join(part for part in (context.base_url, name, "_history") if part)

    def url(*more: tuple[str, str]) -> str:
        said = (*asked.said, *more)
        return f"{root}?{urlencode(said)}" if said else root

    yield "self", url(("_cursor", cursor.dumps(position, context.cursor_key))) if position else url()
    yield "first", url()
    if page.more:
        following = Cursor(asked.fingerprint(name), 0, (), page.last, total)
        yield "next", url(("_cursor", cursor.dumps(following, context.cursor_key)))


def _entry(base_url: str, version: Version) -> bytes:
    """One version; its stored bytes are put in as they are."""
    stored = version.stored
    name = f"{stored.type}/{stored.id}"
    status = "201" if version.created and stored.content is not None else STATUS[stored.method]
    about = {
        "request": {"method": stored.method, "url": stored.type if stored.method == "POST" else name},
        "response": {
            "status": status,
            "etag": f'W/"{stored.version}"',
            "lastModified": instant(stored.updated),
        },
    }
    url = json.dumps(f"{base_url}/{name}")
    content = b',"resource":' + stored.content if stored.content is not None else b""
    return b'{"fullUrl":' + url + content + b"," + json.dumps(about)[1:]
