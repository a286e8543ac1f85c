"""The FHIR interactions over HTTP: https://hl7.org/fhir/R4/http.html

One set of routes serves every registered type; what a type can do follows from its definition.
"""

from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.exceptions import HTTPException

from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.patch.reading import MEDIA_TYPES
from app.interactions.bundle.bundle import bundle
from app.interactions.capabilities import capabilities
from app.interactions.conditional_delete import conditional_delete
from app.interactions.conditional_patch import conditional_patch
from app.interactions.conditional_update import conditional_update
from app.interactions.create import create
from app.interactions.delete import delete
from app.interactions.history import history
from app.interactions.patch import PatchRequest, patch
from app.interactions.read import read
from app.interactions.search import search, search_everything
from app.interactions.update import Update, update
from app.interactions.vread import vread
from app.operations.check_in_batch import check_asked
from app.routers import answers, headers, searched
from app.routers.direct import DirectRoute
from app.routers.failures import check_no_operation
from app.routers.negotiation import FHIR_JSON, PLAIN_JSON, check_content_type, wish
from app.routers.searched import Asked
from app.routers.surroundings import (
    BASE_PATH,
    check_no_parameters,
    context,
    criteria,
    definition,
    part,
    query,
    read_body,
)


class _Made(StringConvertor):
    """Ids that may be those of what the service makes: a type and a number."""

    regex = "[A-Za-z]+[.][0-9]+"


register_url_convertor("made", _Made())
# Those that entries of a batch may ask for.
_OPERATIONS: Final = {"$check-sharing": check_asked}
router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)


@router.get("/metadata")
async def get_metadata(request: Request) -> Response:
    asked = wish(request)
    return Response(json.dumps(capabilities(context(request)), asked.pretty), media_type=asked.media_type)


@router.get("/_history")
async def get_system_history(request: Request) -> Response:
    return await _history(request, None)


@router.post("")
async def post_bundle(request: Request) -> Response:
    asked = wish(request)
    headers.check_preconditions(request)
    check_content_type(request, FHIR_JSON, PLAIN_JSON)
    check_no_parameters(request)
    surroundings = context(request)
    sent = await read_body(request, bundle=True)
    body = await bundle(surroundings, sent, asked.returning, _OPERATIONS, lenient=asked.lenient)
    return Response(answers.body(body, asked), media_type=asked.media_type)


@router.get("/{type}/_history")
async def get_type_history(request: Request) -> Response:
    return await _history(request, definition(request))


@router.get("")
async def get_system_search(request: Request) -> Response:
    return await _search(request, searched.by_address(request))


@router.post("/_search")
@router.post("/{type}/_search")
async def post_search(request: Request) -> Response:
    return await _search(request, await searched.by_form(request))


@router.get("/{type}/{id}")
async def get_resource(request: Request) -> Response:
    asked = wish(request)
    check_no_operation(request.scope["path"])
    of = definition(request)
    shown = part(request, of)
    found = await read(context(request), of, request.path_params["id"], headers.has(request))
    return answers.of_read(found, asked, shown)


@router.post("/{type}")
async def post_resource(request: Request) -> Response:
    asked = wish(request)
    headers.check_preconditions(request, "If-None-Exist")
    check_content_type(request, FHIR_JSON, PLAIN_JSON)
    check_no_parameters(request)
    surroundings = context(request)
    of = definition(request)
    unless = headers.if_none_exist(request, of.type, surroundings.bases)
    result = await create(surroundings, of, await read_body(request), unless)
    return answers.of_write(result, surroundings, asked)


@router.put("/{type}")
async def put_by_criteria(request: Request) -> Response:
    asked = wish(request)
    headers.check_preconditions(request, "If-Match", "If-None-Match")
    check_content_type(request, FHIR_JSON, PLAIN_JSON)
    surroundings = context(request)
    put = Update("", await read_body(request), headers.if_match(request), headers.only_new(request))
    result = await conditional_update(surroundings, definition(request), criteria(request), put)
    return answers.of_write(result, surroundings, asked)


@router.patch("/{type}")
async def patch_by_criteria(request: Request) -> Response:
    asked = wish(request)
    headers.check_preconditions(request, "If-Match")
    media_type = check_content_type(request, *MEDIA_TYPES, PLAIN_JSON)
    surroundings = context(request)
    sent = PatchRequest("", await read_body(request), media_type, headers.if_match(request))
    result = await conditional_patch(surroundings, definition(request), criteria(request), sent)
    return answers.of_write(result, surroundings, asked)


@router.delete("/{type}")
async def delete_by_criteria(request: Request) -> Response:
    wish(request)
    headers.check_preconditions(request, "If-Match")
    match = headers.if_match(request)
    version = await conditional_delete(context(request), definition(request), criteria(request), match)
    return answers.of_delete(version)


@router.get("/{type}")
async def get_search(request: Request) -> Response:
    return await _search(request, searched.by_address(request))


@router.put("/{type}/{id}")
async def put_resource(request: Request) -> Response:
    asked = wish(request)
    headers.check_preconditions(request, "If-Match", "If-None-Match")
    check_content_type(request, FHIR_JSON, PLAIN_JSON)
    check_no_parameters(request)
    surroundings = context(request)
    put = Update(
        request.path_params["id"],
        await read_body(request),
        headers.if_match(request),
        headers.only_new(request),
    )
    result = await update(surroundings, definition(request), put)
    return answers.of_write(result, surroundings, asked)


@router.patch("/{type}/{id}")
async def patch_resource(request: Request) -> Response:
    asked = wish(request)
    headers.check_preconditions(request, "If-Match")
    media_type = check_content_type(request, *MEDIA_TYPES, PLAIN_JSON)
    check_no_parameters(request)
    surroundings = context(request)
    sent = PatchRequest(request.path_params["id"], await read_body(request), media_type, headers.if_match(request))
    result = await patch(surroundings, definition(request), sent)
    return answers.of_write(result, surroundings, asked)


@router.delete("/{type}/{id}")
async def delete_resource(request: Request) -> Response:
    wish(request)
    headers.check_preconditions(request, "If-Match")
    check_no_parameters(request)
    match = headers.if_match(request)
    return answers.of_delete(await delete(context(request), definition(request), request.path_params["id"], match))


@router.get("/{type}/{id}/_history")
async def get_instance_history(request: Request) -> Response:
    return await _history(request, definition(request), request.path_params["id"])


@router.get("/{type}/{id}/_history/{version}")
async def get_version(request: Request) -> Response:
    asked = wish(request)
    of, path = definition(request), request.path_params
    shown = part(request, of)
    found = await vread(context(request), of, path["id"], path["version"], headers.has(request))
    return answers.of_read(found, asked, shown)


@router.api_route("/{type}/{id:made}", methods=["OPTIONS"])
async def options_of_made(request: Request) -> Response:
    """What the service makes when it is read cannot be written, although it has the address of what can."""
    if definition(request).is_made(request.path_params["id"]):
        return Response(b"", 204, {"Allow": "GET, HEAD, OPTIONS"})
    raise HTTPException(405)


async def _search(request: Request, asked: Asked) -> Response:
    lenient = asked.wish.lenient
    if "type" in request.path_params:
        result = await search(context(request), definition(request), asked.pairs, lenient=lenient)
    else:
        result = await search_everything(context(request), asked.pairs, lenient=lenient)
    return asked.answer(result.body)


async def _history(request: Request, of: ResourceDefinition | None, id_: str = "") -> Response:
    asked = wish(request)
    body = await history(context(request), of, id_, query(request))
    return Response(answers.body(body, asked), media_type=asked.media_type)
