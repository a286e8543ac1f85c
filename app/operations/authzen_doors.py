"""What AuthZEN can be asked: one evaluation, many, and three searches (the sharing decision, section 8).

https://openid.net/specs/authorization-api-1_0.html
"""

from collections.abc import Mapping
from typing import Any, Final

from app.fhir.errors import BadRequest, FhirError
from app.operations import authzen
from app.operations.asked import Asked
from app.operations.authzen_answer import evaluation, permitted
from app.operations.authzen_page import Page
from app.operations.check_many import Stop, check_many
from app.operations.check_sharing import check_sharing
from app.record.context import Context
from app.sharing.answer import Answer
from app.sharing.vocabulary import ACTIONS, SCOPES

Json = Mapping[str, Any]

MOST: Final = 200
_FOUR: Final = ("subject", "action", "resource", "context")
_SEMANTICS: Final[dict[str, Stop]] = {
    "execute_all": lambda _: False,
    "deny_on_first_deny": lambda permits: not permits,
    "permit_on_first_permit": lambda permits: permits,
}
# Whom nobody but the record can list.
_SEARCHABLE: Final = "RelatedPerson"


async def evaluate(context: Context, body: bytes) -> dict[str, Any]:
    """One evaluation. Raises BadRequest naming the member at fault, NotFound (no such patient), Unavailable."""
    return evaluation(await check_sharing(context, authzen.asked(authzen.parse(body))))


async def evaluate_all(context: Context, body: bytes) -> dict[str, Any]:
    """Evaluations in the order asked; what is wrong with one of them stands in its place.

    Without `evaluations` it is one evaluation. Raises BadRequest for what is wrong with all, Unavailable.
    """
    request = authzen.parse(body)
    items = request.get("evaluations", [])
    if not isinstance(items, list):
        raise BadRequest("Member evaluations must be an array.", code="structure")
    if len(items) > MOST:
        raise BadRequest(f"A request has {MOST} evaluations at most.", code="too-costly")
    stop = _semantic(request)
    if not items:
        return evaluation(await check_sharing(context, authzen.asked(request)))
    defaults = {name: request[name] for name in _FOUR if name in request}
    outcomes = await check_many(context, [_asked(defaults, item) for item in items], stop)
    return {"evaluations": [evaluation(outcome) for outcome in outcomes]}


async def search_subjects(context: Context, body: bytes) -> dict[str, Any]:
    """Who may be told this: the supporters for whom every answer permits."""
    request = authzen.parse(body)
    page = Page.wanted(request, context.cursor_key)
    type_ = authzen.searched_type(request)
    if type_ != _SEARCHABLE:
        raise BadRequest(f"Only a {_SEARCHABLE} can be searched for.", code="not-supported")
    checked = await check_sharing(context, authzen.question(request, [], authzen.action(request)))
    answers: dict[str, list[Answer]] = {}
    for answer in checked.answers:
        answers.setdefault(answer.recipient, []).append(answer)
    found = sorted(name for name, given in answers.items() if permitted(tuple(given)))
    return page.part([(name, {"type": type_, "id": name.partition("/")[2] or authzen.UNKNOWN}) for name in found])


async def search_resources(context: Context, body: bytes) -> dict[str, Any]:
    """What this subject may be told: one result for each scope that is permitted."""
    request = authzen.parse(body)
    page = Page.wanted(request, context.cursor_key)
    checked = await check_sharing(context, authzen.asked(request))
    named = {"type": authzen.PATIENT_INFORMATION, "id": request["resource"]["id"]}
    found = [answer.scope for answer in checked.answers if answer.decision == "permit"]
    results = [named | ({"properties": {"scope": scope}} if scope else {}) for scope in found]
    places = [SCOPES.index(scope) if scope else 0 for scope in found]
    return page.part(list(zip(places, results, strict=True)))


async def search_actions(context: Context, body: bytes) -> dict[str, Any]:
    """What may be done with this subject: disclose, listen."""
    request = authzen.parse(body)
    page = Page.wanted(request, context.cursor_key)
    who = authzen.subject(request)
    asked = [authzen.question(request, [who], {"name": name}) for name in ACTIONS]
    found = await check_many(context, asked)
    for outcome in found:
        if isinstance(outcome, FhirError):
            raise outcome
    named = enumerate(zip(ACTIONS, found, strict=True))
    return page.part([(place, {"name": name}) for place, (name, one) in named if evaluation(one)["decision"]])


def _semantic(request: Json) -> Stop:
    options = request.get("options", {})
    if not isinstance(options, dict):
        raise BadRequest("Member options must be an object.", code="structure")
    name = options.get("evaluations_semantic", "execute_all")
    if not isinstance(name, str) or name not in _SEMANTICS:
        raise BadRequest(f"Member options.evaluations_semantic must be one of: {', '.join(_SEMANTICS)}.")
    return _SEMANTICS[name]


def _asked(defaults: Json, item: Any) -> Asked | FhirError:
    if not isinstance(item, dict):
        return BadRequest("An evaluation is an object.", code="structure")
    try:
        return authzen.asked({**defaults, **{name: item[name] for name in _FOUR if name in item}})
    except BadRequest as refusal:
        return refusal
