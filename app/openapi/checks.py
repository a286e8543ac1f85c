"""$check-sharing, by POST and by GET: https://hl7.org/fhir/R4/operations.html"""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir import nhs_number
from app.fhir.errors import BadRequest, NotFound
from app.fhir.operations import CHECK_SHARING
from app.openapi import decisions, parameters
from app.openapi import told as told_of
from app.openapi.answers import MEDIA_TYPES, responses, with_body
from app.openapi.operations import ROOT, with_examples
from app.openapi.scenarios import Scenario, refused
from app.openapi.schemas import ref
from app.operations.check_parameters import to_parameters
from app.sharing.vocabulary import ACTIONS, CONTENTS, SCOPES

TAG: Final = {"name": "Sharing", "description": "May these people be told this, now? And the short ways to record it."}
BODY: Final = (408, 413, 415)

_WORDS = """\
One answer for each recipient and scope: `permit` or `deny`, the layer that decided (`basis`), a sentence for the \
clinician, the versions relied on, what must be heeded (`obligation`), and after a deny what may still be done and \
what to do next. Without `recipient` the question is who may be told; without `scope`, what. A deny is an answer \
(200). Every check is recorded before it is answered; a check changes nothing else. No answer is not a yes: ask a \
person."""


def paths() -> dict[str, Any]:
    """The path of the operation."""
    return {f"{ROOT}/{CHECK_SHARING.path}": {"post": _post(), "get": _get()}}


def body(told: list[Scenario]) -> dict[str, Any]:
    """A Parameters resource as the body of an operation."""
    examples = {each.name: {"summary": each.summary, "value": each.body} for each in told}
    first, second = MEDIA_TYPES
    content = {first: {"schema": ref("Parameters"), "examples": examples}, second: {"schema": ref("Parameters")}}
    return {"required": True, "content": content}


def _post() -> dict[str, Any]:
    told = list(_by_post())
    return {
        "operationId": "checkSharing",
        "summary": "May these people be told this, now?",
        "description": "\n\n".join((_WORDS, told_of.inputs(CHECK_SHARING), told_of.answer(CHECK_SHARING))),
        "tags": [TAG["name"]],
        "parameters": parameters.common(),
        "requestBody": body(told),
        "responses": responses({200: _answers()}, (404, *BODY), told),
    }


def _get() -> dict[str, Any]:
    told = list(_by_get())
    return {
        "operationId": "checkSharingByGet",
        "summary": "May these people be told this, now? (in the URL)",
        "description": "As by POST, where the parts of an answer are told too; references are written `Type/id` or "
        "`system|value`, a patient also as ten digits, which are an NHS number.",
        "tags": [TAG["name"]],
        "parameters": [with_examples(each, told) for each in (*_asked(), *parameters.common())],
        "responses": responses({200: _answers()}, (404,), told),
    }


def _answers() -> dict[str, Any]:
    return with_body("The answers, as Parameters.", ref("Parameters"))


def _asked() -> Iterator[dict[str, Any]]:
    name = {"type": "string", "minLength": 1}
    many = {"type": "array", "items": name}
    yield parameters.query("patient", "The patient.", name) | {"required": True}
    yield parameters.query("recipient", "Who would be told; when absent every active supporter.", many)
    scopes = {"type": "array", "items": {"enum": list(SCOPES)}}
    yield parameters.query("scope", "What would be told; when absent every scope.", scopes)
    yield parameters.query("resource", "Stored records that would be shown.", many)
    yield parameters.query("action", "disclose, when absent.", {"enum": list(ACTIONS)})
    yield parameters.query("content", "specific, when absent: about this patient.", {"enum": list(CONTENTS)})
    yield parameters.query("purpose", "A PurposeOfUse code; when absent direct care with the support network.", name)
    yield parameters.query("at", "The time that is asked about; now, when absent.", ref("instant"))
    yield parameters.query("team", "The Organization or CareTeam that would disclose.", name)


def _by_post() -> Iterator[Scenario]:
    person = {"identifier": {"system": nhs_number.SYSTEM, "value": decisions.LIMITED_NUMBER}}
    brother = {"reference": f"RelatedPerson/{decisions.BROTHER}"}
    asked = [("patient", person), ("recipient", brother), ("scope", "appointments")]
    yield Scenario("permit", "He may be told", 200, body=_parameters(*asked), answer=_limited("appointments"))
    asked = [("patient", person), ("recipient", brother), ("scope", "medication")]
    yield Scenario("deny", "He may not be told this", 200, body=_parameters(*asked), answer=_limited("medication"))
    asked = [("patient", {"reference": f"Patient/{decisions.NOT_ASKED}"}), ("scope", "care-plan")]
    silence = to_parameters(decisions.check(decisions.NOT_ASKED, scopes=("care-plan",)))
    yield Scenario("silence", "Who may be told? Nobody was asked", 200, body=_parameters(*asked), answer=silence)
    asked = [("patient", {"reference": "Patient/nobody"})]
    absent = NotFound("There is no such patient here.")
    yield refused("unknown-patient", "No such patient", absent, body=_parameters(*asked))
    asked = [("patient", person), ("scope", "everything")]
    text = f"Parameter scope is one of: {', '.join(SCOPES)}."
    error = BadRequest(text, code="code-invalid")
    yield refused("unknown-scope", "A scope that is none", error, body=_parameters(*asked))


def _by_get() -> Iterator[Scenario]:
    patient, recipient = f"Patient/{decisions.LIMITED}", [f"RelatedPerson/{decisions.BROTHER}"]
    query = {"patient": patient, "recipient": recipient, "scope": ["appointments"]}
    yield Scenario("permit", "He may be told", 200, query=query, answer=_limited("appointments"))
    listening = to_parameters(decisions.check(decisions.NOT_ASKED, recipients=("RelatedPerson/x",), action="listen"))
    query = {"patient": f"Patient/{decisions.NOT_ASKED}", "recipient": ["RelatedPerson/unknown"], "action": "listen"}
    yield Scenario("listen", "Anybody may be listened to", 200, query=query, answer=listening)
    error = BadRequest("Parameter at is an instant with seconds and zone, such as 2026-03-09T10:30:00Z.")
    yield refused("no-instant", "A time that is none", error, query={"patient": patient, "at": "yesterday"})


def _limited(scope: str) -> dict[str, Any]:
    recipients = (f"RelatedPerson/{decisions.BROTHER}",)
    return to_parameters(decisions.check(decisions.LIMITED, recipients=recipients, scopes=(scope,)))


def _parameters(*given: tuple[str, Any]) -> dict[str, Any]:
    written = [
        {"name": name, "valueCode" if isinstance(value, str) else "valueReference": value} for name, value in given
    ]
    return {"resourceType": "Parameters", "parameter": written}
