"""The AuthZEN endpoints: https://openid.net/specs/authorization-api-1_0.html"""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir import nhs_number
from app.fhir.errors import BadRequest, FhirError, NotFound
from app.openapi import decisions, parameters
from app.openapi.answers import PLAIN_JSON, responses, text_of, with_json
from app.openapi.samples import HOST
from app.openapi.scenarios import Scenario
from app.openapi.schemas import ref
from app.operations.authzen_answer import error, evaluation
from app.operations.understanding import RECIPIENTS
from app.sharing.vocabulary import ACTIONS, CONTENTS, SCOPES

Schema = dict[str, Any]

TAG: Final = {"name": "AuthZEN", "description": "The same question by OpenID AuthZEN 1.0, as gateways ask it."}
_ACCESS: Final = f"{HOST}/access/v1"
_STATUSES: Final = (400, 404, 408, 413, 415, 503)
_TEXT: Schema = {"type": "string", "minLength": 1}


def _object(properties: Schema, *required: str) -> Schema:
    found: Schema = {"type": "object", "properties": properties}
    return found | {"required": list(required)} if required else found


def _either(values: Schema) -> Schema:
    return {"anyOf": [values, {"type": "array", "items": values}]}


_PURPOSE = _object({"purpose": _TEXT, "content": {"enum": list(CONTENTS)}})
_SUBJECT = _object({"type": {"enum": list(RECIPIENTS)}, "id": _TEXT, "properties": {"type": "object"}}, "type", "id")
_ANYBODY = _object({"type": {"const": "RelatedPerson"}}, "type")
_ACTION = _object({"name": {"enum": list(ACTIONS)}, "properties": _PURPOSE | {"additionalProperties": False}}, "name")
_WANTED = _object({"scope": _either({"enum": list(SCOPES)}), "resource": _either(_TEXT)})
_RESOURCE = _object(
    {"type": {"const": "patient-information"}, "id": _TEXT, "properties": _WANTED | {"additionalProperties": False}},
    "type",
    "id",
)
_CONTEXT = _object({"at": ref("instant"), "team": _TEXT})
_FOUR = {"subject": _SUBJECT, "action": _ACTION, "resource": _RESOURCE, "context": _CONTEXT}
_DECISION = _object({"decision": {"type": "boolean"}, "context": {"type": "object"}}, "decision", "context")
_MANY = _object({"evaluations": {"type": "array", "items": ref("AuthZenDecision")}}, "evaluations")
_SEMANTIC = {"enum": ["execute_all", "deny_on_first_deny", "permit_on_first_permit"]}
_BATCH = _object(
    _FOUR
    | {
        "evaluations": {"type": "array", "items": _object(_FOUR)},
        "options": _object({"evaluations_semantic": _SEMANTIC}),
    }
)
_NUMBER: Schema = {"type": "integer", "minimum": 0}
_PAGE: Schema = {"page": _object({"token": {"type": "string"}, "limit": _NUMBER})}
_NO_ACTION: Final = ("subject", "resource")
_PAGED = _object({"next_token": {"type": "string"}, "count": _NUMBER, "total": _NUMBER}, "next_token")
SCHEMAS: Final = {
    "AuthZenDecision": _DECISION,
    "AuthZenError": _object(
        {"error": _object({"status": {"type": "integer"}, "message": _TEXT}, "status", "message")}, "error"
    ),
    "AuthZenResults": _object({"results": {"type": "array", "items": {"type": "object"}}, "page": _PAGED}, "results"),
}

_WORDS = """\
`subject` is who would be told, by id or as `system|value` (id `unknown`: somebody who is not on the record); \
`resource` the patient, with `scope` and stored records in its properties; `action` disclose or listen, with purpose \
and content; `context` the time (`at`) and the `team` that would disclose. Anything else in context and in the \
subject's properties is ignored. A deny is an answer: 200, `decision` false, and in `context` why, and what may still \
be done."""


def paths() -> dict[str, Any]:
    """The five endpoints and where they are."""
    one, root = _object(_FOUR, "subject", "action", "resource"), "/access/v1"
    found, searched = ref("AuthZenDecision"), ref("AuthZenResults")
    anybody = _object(_FOUR | {"subject": _ANYBODY} | _PAGE, "subject", "action", "resource")
    no_action = _object({name: value for name, value in (_FOUR | _PAGE).items() if name != "action"}, *_NO_ACTION)
    paged = _object(_FOUR | _PAGE, "subject", "action", "resource")
    answered = {"anyOf": [_MANY, found]}
    return {
        f"{root}/evaluation": _post("evaluation", "May this person be told this?", one, found, _evaluations()),
        f"{root}/evaluations": _post("evaluations", "Several questions at once", _BATCH, answered, _batches()),
        f"{root}/search/subject": _post("searchSubject", "Who may be told this?", anybody, searched, _subjects()),
        f"{root}/search/resource": _post("searchResource", "What may this person be told?", paged, searched, _scopes()),
        f"{root}/search/action": _post("searchAction", "What may be done?", no_action, searched, _actions()),
        "/.well-known/authzen-configuration": {"get": _configuration()},
    }


def _post(name: str, summary: str, asked: Schema, answer: Schema, scenarios: Iterator[Scenario]) -> dict[str, Any]:
    told = list(scenarios)
    examples = {each.name: {"summary": each.summary, "value": each.body} for each in told}
    answers = {200: with_json("The answer, permit or deny.", answer)}
    answers |= {status: with_json(text_of(status), ref("AuthZenError")) for status in _STATUSES}
    # What is refused before it reaches this endpoint is refused in the way of the service.
    answers[400]["content"]["application/fhir+json"] = {"schema": ref("OperationOutcome")}
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "description": _WORDS,
            "tags": [TAG["name"]],
            "parameters": _headers(),
            "requestBody": {"required": True, "content": {PLAIN_JSON: {"schema": asked, "examples": examples}}},
            "responses": responses(answers, (), told, always=(414, 431, 500)),
        }
    }


def _headers() -> list[Schema]:
    found = parameters.headers()
    words = "An id of the caller's choosing that comes back in the answer and stands in the audit trail."
    own = parameters.header("X-Request-ID", words, {"pattern": "^[ -~]{1,200}$"})
    return [own, *(each for each in found if not each["$ref"].endswith("/request-id"))]


def _configuration() -> dict[str, Any]:
    names = {
        "access_evaluation_endpoint": "evaluation",
        "access_evaluations_endpoint": "evaluations",
        "search_subject_endpoint": "search/subject",
        "search_resource_endpoint": "search/resource",
        "search_action_endpoint": "search/action",
    }
    value = {"policy_decision_point": HOST} | {name: f"{_ACCESS}/{path}" for name, path in names.items()}
    found = _object(dict.fromkeys(value, _TEXT), *value)
    shown = [Scenario("found", "Where each endpoint is", 200, answer=value)]
    return {
        "operationId": "authzenConfiguration",
        "summary": "Where the AuthZEN endpoints are",
        "tags": [TAG["name"]],
        "parameters": _headers(),
        "responses": responses({200: with_json("The configuration.", found)}, (), shown, always=(400, 414, 431, 500)),
    }


def _body(person: str, patient: str, *scopes: str) -> dict[str, Any]:
    properties = {"scope": scopes[0] if len(scopes) == 1 else list(scopes)} if scopes else {}
    return {
        "subject": {"type": "RelatedPerson", "id": person},
        "action": {"name": "disclose"},
        "resource": {"type": "patient-information", "id": patient} | ({"properties": properties} if scopes else {}),
    }


def _brother(*scopes: str) -> dict[str, Any]:
    return _body(decisions.BROTHER, f"{nhs_number.SYSTEM}|{decisions.LIMITED_NUMBER}", *scopes)


def _told(patient: str, person: str, *scopes: str, **asked: Any) -> dict[str, Any]:
    recipients = (f"RelatedPerson/{person}",)
    return evaluation(decisions.check(patient, recipients=recipients, scopes=scopes, **asked))


def _evaluations() -> Iterator[Scenario]:
    permit = _told(decisions.LIMITED, decisions.BROTHER, "appointments")
    yield Scenario("permit", "He may be told", 200, body=_brother("appointments"), answer=permit)
    asked = _body(decisions.FATHER, f"Patient/{decisions.NOT_ASKED}", "care-plan")
    deny = _told(decisions.NOT_ASKED, decisions.FATHER, "care-plan")
    yield Scenario("deny", "Nobody was asked", 200, body=asked, answer=deny)
    listening = _told(decisions.NOT_ASKED, "unknown", action="listen")
    asked = _body("unknown", f"Patient/{decisions.NOT_ASKED}") | {"action": {"name": "listen"}}
    yield Scenario("listen", "Anybody may be listened to", 200, body=asked, answer=listening)
    yield _refused("unknown-patient", "No such patient", _absent(), _body("somebody", "Patient/nobody"))
    without = {name: value for name, value in _brother().items() if name != "action"}
    missing = BadRequest("Member action is required.")
    yield _refused("no-action", "A member is missing", missing, without)


def _batches() -> Iterator[Scenario]:
    items = [
        {"resource": _brother("appointments")["resource"]},
        {"resource": _brother("medication")["resource"]},
        {"resource": _body("", "Patient/nobody")["resource"]},
    ]
    permit, deny = (_told(decisions.LIMITED, decisions.BROTHER, scope) for scope in ("appointments", "medication"))
    shared = {name: value for name, value in _brother().items() if name != "resource"}
    found = {"evaluations": [permit, deny, evaluation(_absent())]}
    yield Scenario("three", "Three questions about one person", 200, body=shared | {"evaluations": items}, answer=found)
    options = {"options": {"evaluations_semantic": "deny_on_first_deny"}, "evaluations": items}
    first = {"evaluations": [permit, deny]}
    yield Scenario("first-deny", "Up to the first deny", 200, body=shared | options, answer=first)
    wrong = {"evaluations": items, "options": {"evaluations_semantic": "some"}}
    known = "execute_all, deny_on_first_deny, permit_on_first_permit"
    unknown = BadRequest(f"Member options.evaluations_semantic must be one of: {known}.")
    yield _refused("unknown-semantic", "A semantic that is none", unknown, shared | wrong)


def _subjects() -> Iterator[Scenario]:
    asked = _brother("appointments") | {"subject": {"type": "RelatedPerson"}}
    found = {"results": [{"type": "RelatedPerson", "id": decisions.BROTHER}]}
    yield Scenario("found", "Who may know of visits", 200, body=asked, answer=found)
    yield _refused("unknown-patient", "No such patient", _absent(), asked | {"resource": _nobody()})


def _scopes() -> Iterator[Scenario]:
    resource = _brother()["resource"]
    found = [resource | {"properties": {"scope": scope}} for scope in ("service-contact", "appointments")]
    yield Scenario("found", "What he may know", 200, body=_brother(), answer={"results": found})
    whole = {"results": found, "page": {"next_token": "", "count": 2, "total": 2}}
    yield Scenario("page", "A page of it, the last", 200, body=_brother() | {"page": {"limit": 10}}, answer=whole)
    yield _refused("unknown-patient", "No such patient", _absent(), _brother() | {"resource": _nobody()})


def _actions() -> Iterator[Scenario]:
    asked = {name: value for name, value in _brother("medication").items() if name != "action"}
    yield Scenario("found", "He may be listened to", 200, body=asked, answer={"results": [{"name": "listen"}]})
    yield _refused("unknown-patient", "No such patient", _absent(), asked | {"resource": _nobody()})


def _nobody() -> dict[str, Any]:
    return {"type": "patient-information", "id": "Patient/nobody"}


def _absent() -> NotFound:
    return NotFound("There is no such patient here.")


def _refused(name: str, summary: str, problem: FhirError, body: dict[str, Any]) -> Scenario:
    return Scenario(name, summary, problem.status, body=body, answer=error(problem))
