"""The CDS Hooks service: https://cds-hooks.hl7.org"""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir import nhs_number
from app.fhir.canonical import SHARING_SCOPE
from app.fhir.errors import BadRequest, NotFound
from app.openapi import decisions, parameters
from app.openapi.answers import PLAIN_JSON, responses, with_json
from app.openapi.scenarios import Scenario, refused
from app.openapi.schemas import ref
from app.operations.cds_hooks import HOOK, SERVICE, cards

Schema = dict[str, Any]

TAG: Final = {"name": "CDS Hooks", "description": "The same question by CDS Hooks, as a card."}
_INSTANCE: Final = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
_TEXT: Schema = {"type": "string", "minLength": 1}
_IDENTIFIERS: Schema = {
    "type": "array",
    "items": {"type": "object", "properties": {"system": _TEXT, "value": _TEXT}, "required": ["value"]},
}
_CODINGS: Schema = {
    "type": "array",
    "items": {"type": "object", "properties": {"system": _TEXT, "code": _TEXT}, "required": ["system", "code"]},
}
_CONTEXT: Schema = {
    "type": "object",
    "properties": {
        "patientId": _IDENTIFIERS | {"description": "The patient, by NHS number."},
        "actor": _IDENTIFIERS | {"description": "Who would be told; when absent every active supporter."},
        "category": _CODINGS | {"description": "Sharing scopes; codes of other systems narrow nothing."},
        "class": _CODINGS | {"description": "Resource types: every scope that they may be about is asked."},
        "purposeOfUse": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "maxItems": 1}]},
        "scope": {"const": "patient-privacy"},
    },
    "required": ["patientId"],
}
_CALL: Schema = {
    "type": "object",
    "properties": {"hook": {"const": HOOK}, "hookInstance": _TEXT, "context": _CONTEXT},
    "required": ["hook", "hookInstance", "context"],
}
_CARD: Schema = {
    "type": "object",
    "properties": {
        "summary": {"enum": ["CONSENT_PERMIT", "CONSENT_DENY", "NO_CONSENT"]},
        "detail": _TEXT,
        "indicator": {"enum": ["info", "warning", "critical"]},
        "source": {"type": "object"},
        "extension": {"type": "object", "required": ["decision", "obligations", "basedOn"]},
    },
    "required": ["summary", "detail", "indicator", "source", "extension"],
}
SCHEMAS: Final = {
    "CdsCards": {
        "type": "object",
        "properties": {"cards": {"type": "array", "items": _CARD, "minItems": 1, "maxItems": 1}},
        "required": ["cards"],
    },
    "CdsServices": {
        "type": "object",
        "properties": {"services": {"type": "array", "items": {"type": "object"}}},
        "required": ["services"],
    },
}
_WORDS = """\
One card: CONSENT_PERMIT when every answer permits, CONSENT_DENY when something stands against it, NO_CONSENT when no \
consent covers it and none refuses it. `detail` says why, and in a list what must be heeded, what is still allowed \
and what to do next; `extension` holds the decision, obligations and records it rests on, as codes and references."""
_ALWAYS = (400, 414, 431, 500, 503)


def paths() -> dict[str, Any]:
    """Discovery, and the one service."""
    return {"/cds-services": {"get": _discovery()}, f"/cds-services/{HOOK}": {"post": _consult()}}


def _discovery() -> dict[str, Any]:
    answers = {200: with_json("The services.", ref("CdsServices"))}
    shown = [Scenario("found", "The one service", 200, answer={"services": [SERVICE]})]
    return {
        "operationId": "cdsServices",
        "summary": "Which CDS services there are",
        "tags": [TAG["name"]],
        "parameters": parameters.headers(),
        "responses": responses(answers, (), shown, always=_ALWAYS[:-1]),
    }


def _consult() -> dict[str, Any]:
    told = list(_calls())
    examples = {each.name: {"summary": each.summary, "value": each.body} for each in told}
    return {
        "operationId": "patientConsentConsult",
        "summary": "May these people be told this, now? (a card)",
        "description": _WORDS,
        "tags": [TAG["name"]],
        "parameters": parameters.headers(),
        "requestBody": {"required": True, "content": {PLAIN_JSON: {"schema": _CALL, "examples": examples}}},
        "responses": responses(
            {200: with_json("The card.", ref("CdsCards"))}, (404, 408, 413, 415), told, always=_ALWAYS
        ),
    }


def _calls() -> Iterator[Scenario]:
    for name, summary, scope in (("permit", "He may be told", "appointments"), ("none", "No consent", "medication")):
        checked = decisions.check(
            decisions.LIMITED, recipients=(f"RelatedPerson/{decisions.BROTHER}",), scopes=(scope,)
        )
        yield Scenario(name, summary, 200, body=_call(decisions.LIMITED_NUMBER, scope), answer=cards(checked))
    unknown = NotFound("There is no such patient here.")
    yield refused("unknown-patient", "No such patient", unknown, body=_call(decisions.UNKNOWN_NUMBER, "medication"))
    nobody = _call(decisions.LIMITED_NUMBER, "medication") | {"context": {"patientId": []}}
    text = f"Member context.patientId names a patient by NHS number ({nhs_number.SYSTEM})."
    yield refused("no-patient", "Nobody is named", BadRequest(text, code="value"), body=nobody)


def _call(number: str, scope: str) -> dict[str, Any]:
    return {
        "hook": HOOK,
        "hookInstance": _INSTANCE,
        "context": {
            "patientId": [{"system": nhs_number.SYSTEM, "value": number}],
            "actor": [{"value": f"RelatedPerson/{decisions.BROTHER}"}],
            "category": [{"system": SHARING_SCOPE, "code": scope}],
            "purposeOfUse": "TREAT",
        },
    }
