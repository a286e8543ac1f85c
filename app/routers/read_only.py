"""What is to be read and searched and never written, over HTTP: AuditEvents, and what comes with the release.

https://hl7.org/fhir/R4/http.html
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from fastapi import APIRouter, Request, Response
from starlette.convertors import StringConvertor, register_url_convertor

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import MethodNotAllowed, NotFound
from app.fhir.published.everything import PUBLISHED
from app.fhir.resources.audit_event import AUDIT_EVENT
from app.fhir.search.query import Pairs
from app.interactions.audit_read import audit_read
from app.interactions.audit_search import audit_search
from app.interactions.published import read_published, search_published
from app.interactions.result import Has, Result
from app.record.context import Context
from app.routers import answers, headers, searched
from app.routers.direct import DirectRoute
from app.routers.failures import check_no_operation
from app.routers.methods import refusing
from app.routers.negotiation import wish
from app.routers.searched import Asked
from app.routers.surroundings import BASE_PATH, context, part


class Search(Protocol):
    """A search of one type; in: the parameters; out: a searchset Bundle as JSON."""

    async def __call__(self, context: Context, pairs: Pairs, *, lenient: bool) -> bytes: ...


@dataclass(frozen=True)
class ReadOnly:
    """How one type is read and searched, and what is said when its history or a write is asked for."""

    definition: ResourceDefinition
    read: Callable[[Context, str, Has], Awaitable[Result]]
    search: Search
    no_history: str
    no_writing: str


AUDIT_EVENTS: Final = ReadOnly(
    AUDIT_EVENT,
    audit_read,
    audit_search,
    no_history="An AuditEvent has no history: it is written once.",
    no_writing="AuditEvents are written by the service alone.",
)
TYPES: Final = {"AuditEvent": AUDIT_EVENTS} | {
    type_: ReadOnly(
        definition,
        partial(read_published, definition),
        partial(search_published, definition),
        no_history=f"A {type_} of this service has no history: it comes with the release.",
        no_writing=f"{type_} resources come with the release and cannot be written.",
    )
    for type_, definition in PUBLISHED.items()
}


class ReadOnlyConvertor(StringConvertor):
    """A type that is read only, in a path: so few routes do for all of them."""

    regex = "|".join(TYPES)


register_url_convertor("read_only", ReadOnlyConvertor())
router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)

WRITES = ["POST", "PUT", "PATCH", "DELETE"]


@router.get("/{type:read_only}")
async def get_search(request: Request) -> Response:
    return await _search(request, searched.by_address(request))


@router.post("/{type:read_only}/_search")
async def post_search(request: Request) -> Response:
    return await _search(request, await searched.by_form(request))


@router.api_route("/{type:read_only}/_search", methods=["GET", "PUT", "PATCH", "DELETE"])
@refusing
async def other_search(_: Request) -> Response:
    raise MethodNotAllowed("A search at _search is a POST.", headers={"Allow": "POST, OPTIONS"})


@router.get("/{type:read_only}/_history")
@router.get("/{type:read_only}/{id}/_history")
@router.get("/{type:read_only}/{id}/_history/{version}")
async def get_history(request: Request) -> Response:
    raise NotFound(_type(request).no_history, code="not-supported")


@router.get("/{type:read_only}/{id}")
async def get_one(request: Request) -> Response:
    asked = wish(request)
    check_no_operation(request.scope["path"])
    shown = part(request, _type(request).definition)
    result = await _type(request).read(context(request), request.path_params["id"], headers.has(request))
    return answers.of_read(result, asked, shown)


@router.api_route("/{type:read_only}", methods=WRITES)
@router.api_route("/{type:read_only}/{path:path}", methods=WRITES)
@refusing
async def write(request: Request) -> Response:
    check_no_operation(request.scope["path"])
    raise MethodNotAllowed(_type(request).no_writing, headers={"Allow": "GET, HEAD, OPTIONS"})


def _type(request: Request) -> ReadOnly:
    return TYPES[request.path_params["type"]]


async def _search(request: Request, asked: Asked) -> Response:
    search = _type(request).search
    return asked.answer(await search(context(request), asked.pairs, lenient=asked.wish.lenient))
