"""What the product defines, over HTTP: to be read and searched, never written. https://hl7.org/fhir/R4/http.html"""

from fastapi import APIRouter, Request, Response
from starlette.convertors import Convertor, register_url_convertor

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import MethodNotAllowed, NotFound
from app.fhir.published.everything import PUBLISHED
from app.interactions.published import read_published, search_published
from app.routers import answers, headers
from app.routers.direct import DirectRoute
from app.routers.methods import refusing
from app.routers.negotiation import FORM, Wish, check_content_type, wish
from app.routers.surroundings import BASE_PATH, check_no_parameters, context, parameters, query, read_body


class PublishedConvertor(Convertor[str]):
    """A type that is published, in a path: so few routes do for all of them."""

    regex = "|".join(PUBLISHED)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("published", PublishedConvertor())
router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)

WRITES = ["POST", "PUT", "PATCH", "DELETE"]


@router.get("/{type:published}")
async def get_search(request: Request) -> Response:
    return await _search(request, wish(request), query(request))


@router.post("/{type:published}/_search")
async def post_search(request: Request) -> Response:
    check_content_type(request, FORM)
    form = parameters(await read_body(request))
    return await _search(request, wish(request, form), query(request) + form)


@router.api_route("/{type:published}/_search", methods=["GET", "PUT", "PATCH", "DELETE"])
@refusing
async def other_search(_: Request) -> Response:
    raise MethodNotAllowed("A search at _search is a POST.", headers={"Allow": "POST, OPTIONS"})


@router.get("/{type:published}/_history")
@router.get("/{type:published}/{id}/_history")
@router.get("/{type:published}/{id}/_history/{version}")
async def get_history(request: Request) -> Response:
    text = f"A {_definition(request).type} of this service has no history: it comes with the release."
    raise NotFound(text, code="not-supported")


@router.get("/{type:published}/{id}")
async def get_one(request: Request) -> Response:
    asked = wish(request)
    check_no_parameters(request)
    result = await read_published(
        context(request), _definition(request), request.path_params["id"], headers.has(request)
    )
    if result.unchanged:
        return answers.not_modified(result)
    return answers.of_read(result, asked)


@router.api_route("/{type:published}", methods=WRITES)
@router.api_route("/{type:published}/{path:path}", methods=WRITES)
@refusing
async def write(request: Request) -> Response:
    text = f"{_definition(request).type} resources come with the release and cannot be written."
    raise MethodNotAllowed(text, headers={"Allow": "GET, HEAD, OPTIONS"})


def _definition(request: Request) -> ResourceDefinition:
    return PUBLISHED[request.path_params["type"]]


async def _search(request: Request, asked: Wish, pairs: list[tuple[str, str]]) -> Response:
    body = await search_published(context(request), _definition(request), pairs, lenient=asked.lenient)
    return Response(answers.body(body, asked), media_type=asked.media_type)
