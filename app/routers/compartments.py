"""Search in a compartment: [base]/Patient/[id]/[type], and `*` for all of it. https://hl7.org/fhir/R4/http.html#vsearch

These paths could be anything below a resource, so they come after every route that has a name of its own there.
"""

from fastapi import APIRouter, Request, Response

from app.interactions.search import search_compartment
from app.routers import searched
from app.routers.direct import DirectRoute
from app.routers.failures import check_no_operation
from app.routers.searched import Asked
from app.routers.surroundings import BASE_PATH, context

router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)


@router.get("/{type}/{id}/{member}")
async def get_compartment(request: Request) -> Response:
    return await _search(request, searched.by_address(request))


@router.post("/{type}/{id}/{member}/_search")
async def post_compartment_search(request: Request) -> Response:
    return await _search(request, await searched.by_form(request))


async def _search(request: Request, asked: Asked) -> Response:
    check_no_operation(request.scope["path"])
    path, lenient = request.path_params, asked.wish.lenient
    surroundings = context(request)
    result = await search_compartment(
        surroundings, path["type"], path["id"], path["member"], asked.pairs, lenient=lenient
    )
    return asked.answer(result.body)
