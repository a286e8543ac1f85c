"""The short paths for EPRs: https://hl7.org/fhir/R4/operations.html (the sharing decision, section 8)"""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from app.operations import writing
from app.operations.record_consent import record_consent
from app.operations.record_contact import record_contact
from app.operations.record_contact import to_parameters as kept
from app.operations.recorded import Recorded, to_parameters
from app.operations.tell_nobody import tell_nobody
from app.operations.withdraw import Withdrawal, withdraw
from app.record.context import Context
from app.routers import answers, headers
from app.routers.direct import DirectRoute
from app.routers.negotiation import FHIR_JSON, PLAIN_JSON, Wish, check_content_type, wish
from app.routers.surroundings import BASE_PATH, check_no_parameters, context, read_body

router = APIRouter(prefix=BASE_PATH, route_class=DirectRoute, include_in_schema=False)

Creating = Callable[[Context, writing.Request], Awaitable[Recorded]]


@router.post("/RelatedPerson/{id}/$record-consent")
async def post_record_consent(request: Request) -> Response:
    return await _created(request, record_consent)


@router.post("/Patient/{id}/$tell-nobody")
async def post_tell_nobody(request: Request) -> Response:
    return await _created(request, tell_nobody)


@router.post("/Consent/{id}/$withdraw")
async def post_withdraw(request: Request) -> Response:
    asked = _asked(request)
    # It makes no second record however often it is sent, which is all that If-None-Exist could want of it.
    headers.if_none_exist(request)
    match = headers.if_match(request)
    body = await read_body(request)
    return _answer(await withdraw(context(request), Withdrawal(request.path_params["id"], body, match)), asked)


@router.post("/RelatedPerson/{id}/$record-contact")
async def post_record_contact(request: Request) -> Response:
    asked = _asked(request)
    criteria = headers.if_none_exist(request)
    body = await read_body(request)
    done = await record_contact(context(request), writing.Request(request.path_params["id"], body, criteria))
    answer = answers.of_question(kept(done), asked)
    answer.headers.update(answers.warned(done.warnings))
    return answer


async def _created(request: Request, operation: Creating) -> Response:
    asked = _asked(request)
    criteria = headers.if_none_exist(request)
    body = await read_body(request)
    return _answer(await operation(context(request), writing.Request(request.path_params["id"], body, criteria)), asked)


def _asked(request: Request) -> Wish:
    asked = wish(request)
    check_content_type(request, FHIR_JSON, PLAIN_JSON)
    check_no_parameters(request)
    return asked


def _answer(result: Recorded, asked: Wish) -> Response:
    return answers.of_question(to_parameters(result), asked)
