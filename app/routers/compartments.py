"""Search in a compartment: [base]/Patient/[id]/[type], and `*` for all of it. https://hl7.org/fhir/R4/http.html#vsearch

These paths could be anything below a resource, so they come after every route that has a name of its own there.
"""

from fastapi import APIRouter, Request, Response

from app.interactions.search import search_compartment
from app.routers import answers
from app.routers.direct import DirectRoute
from app.routers.negotiation import FORM, Wish, check_content_type, wish
from app.routers.surroundings import BASE_PATH, context, parameters, query, read_body

router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)


@router.get("/{type}/{id}/{member}")
async def get_compartment(request: Request) -> Response:
    return await _search(request, wish(request), query(request))


@router.post("/{type}/{id}/{member}/_search")
async def post_compartment_search(request: Request) -> Response:
    check_content_type(request, FORM)
    form = parameters(await read_body(request))
    return await _search(request, wish(request, form), query(request) + form)


async def _search(request: Request, asked: Wish, pairs: list[tuple[str, str]]) -> Response:
    path = request.path_params
    result = await search_compartment(
        context(request), path["type"], path["id"], path["member"], pairs, lenient=asked.lenient
    )
    return Response(answers.body(result.body, asked), media_type=asked.media_type)
