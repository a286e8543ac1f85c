"""CDS Hooks, patient-consent-consult: https://cds-hooks.hl7.org (the sharing decision, section 8)

The hook of the LEAP consent decision service: a patient, actors, categories and classes of content in; one card out.
"""

from collections.abc import Mapping
from typing import Any, Final

from app.fhir import json, nhs_number
from app.fhir.canonical import BASE, SHARING_SCOPE
from app.fhir.errors import BadRequest
from app.fhir.terminology import RESOURCE_TYPE
from app.operations.asked import Asked, Reference
from app.operations.check_sharing import Checked
from app.sharing.answer import Answer
from app.sharing.scope_types import TYPES
from app.sharing.vocabulary import NEXT_ACTION, OBLIGATION, SCOPES, STILL_ALLOWED

Json = Mapping[str, Any]

HOOK: Final = "patient-consent-consult"
SERVICE: Final = {
    "hook": HOOK,
    "id": HOOK,
    "title": "May this be shared with these people?",
    "description": "Whether the patient's consents, and all else that protects people, permit telling these people "
    "this, now; with the reason.",
}
PERMIT, DENY, NO_CONSENT = "CONSENT_PERMIT", "CONSENT_DENY", "NO_CONSENT"
# Denies that only say that no consent covers it, and none was given to refuse it.
_WITHOUT_CONSENT: Final = frozenset(
    {"no-consent-recorded", "asked-undecided", "not-covered", "consent-expired", "consent-withdrawn"}
)
_INDICATOR: Final = {PERMIT: "info", NO_CONSENT: "warning", DENY: "critical"}
_SOURCE: Final = {"label": "Kith", "url": BASE}
_OBLIGATION: Final = f"{BASE}/CodeSystem/obligation"
_NOBODY: Final = "No supporter is recorded, so there is nobody who may be told."


def asked(body: bytes) -> Asked:
    """The question of a call of the hook. Raises BadRequest naming the member at fault."""
    request = json.loads(body)
    if not isinstance(request, dict):
        raise BadRequest("The body is a JSON object.", code="structure")
    if request.get("hook") != HOOK:
        raise BadRequest(f"Member hook must be {HOOK}.", code="value")
    if not isinstance(request.get("hookInstance"), str):
        raise BadRequest("Member hookInstance must be a string.", code="required")
    context = request.get("context")
    if not isinstance(context, dict):
        raise BadRequest("Member context must be an object.", code="required")
    if context.get("scope", "patient-privacy") != "patient-privacy":
        raise BadRequest("Member context.scope must be patient-privacy.", code="value")
    return Asked(
        patient=_patient(context),
        recipients=[_reference(actor, f"actor[{index}]") for index, actor in enumerate(_objects(context, "actor"))],
        scopes=[*_categories(context), *_classes(context)],
        purpose=_purpose(context),
    )


def cards(checked: Checked) -> dict[str, Any]:
    """The one card that answers."""
    said, deciding = _said(checked.answers)
    obligations = dict.fromkeys(code for answer in checked.answers for code in answer.obligations)
    based_on = dict.fromkeys(record for answer in deciding for record in answer.based_on)
    card = {
        "summary": said,
        "detail": "\n".join(_detail(deciding, list(obligations))) if deciding else _NOBODY,
        "indicator": _INDICATOR[said],
        "source": _SOURCE,
        "extension": {
            "decision": said,
            "obligations": [{"id": {"system": _OBLIGATION, "code": code}} for code in obligations],
            "basedOn": list(based_on),
        },
    }
    return {"cards": [card]}


def _detail(deciding: list[Answer], obligations: list[str]) -> list[str]:
    """The reason, and a list (Markdown) of what must be heeded, what all may still be given, and what to do next.

    Many systems show the text of a card and nothing else of it.
    """
    first = deciding[0]
    still = [code for code in first.still_allowed if all(code in answer.still_allowed for answer in deciding)]
    listed = [f"- Obligation: {OBLIGATION.by_code[code].definition}" for code in obligations]
    listed += [f"- Still allowed: {STILL_ALLOWED.by_code[code].definition}" for code in still]
    listed += [f"- Next: {NEXT_ACTION.by_code[first.next_action].definition}"] if first.next_action != "none" else []
    return [first.reason, "", *listed] if listed else [first.reason]


def _said(answers: tuple[Answer, ...]) -> tuple[str, list[Answer]]:
    """The word for all answers together, and those it rests on."""
    denies = [answer for answer in answers if answer.decision == "deny"]
    refusing = [answer for answer in denies if answer.basis not in _WITHOUT_CONSENT]
    if refusing:
        return DENY, refusing
    if denies or not answers:
        return NO_CONSENT, denies
    return PERMIT, list(answers)


def _patient(context: Json) -> Reference:
    """The one patient that the identifiers name: by NHS number, or without system as Patient/id."""
    given = [_reference(each, f"patientId[{index}]") for index, each in enumerate(_objects(context, "patientId"))]
    known = [each for each in given if each.get("identifier", {}).get("system", nhs_number.SYSTEM) == nhs_number.SYSTEM]
    if not known:
        raise BadRequest(f"Member context.patientId names a patient by NHS number ({nhs_number.SYSTEM}).", code="value")
    if any(each != known[0] for each in known):
        raise BadRequest("Member context.patientId names more than one patient.", code="value")
    return known[0]


def _categories(context: Json) -> list[str]:
    """The scopes asked about. Categories of other systems say which Consents to look at, and all are looked at."""
    found = [_code(each, f"category[{index}]") for index, each in enumerate(_objects(context, "category"))]
    return [code for system, code in found if system == SHARING_SCOPE]


def _classes(context: Json) -> list[str]:
    """Every scope that these types of resource may be about. Raises BadRequest for a type that the table has not."""
    scopes: list[str] = []
    for index, each in enumerate(_objects(context, "class")):
        system, type_ = _code(each, f"class[{index}]")
        found = [scope for scope in SCOPES if type_ in TYPES[scope]] if system == RESOURCE_TYPE else []
        if not found:
            text = f"Member context.class[{index}] is none of the resource types ({RESOURCE_TYPE}) with a scope."
            raise BadRequest(text, code="code-invalid")
        scopes.extend(found)
    return scopes


def _purpose(context: Json) -> str:
    given = context.get("purposeOfUse", [])
    given = [given] if isinstance(given, str) else given
    if not isinstance(given, list) or not all(isinstance(code, str) for code in given) or len(set(given)) > 1:
        raise BadRequest("Member context.purposeOfUse must be one code.", code="value")
    return given[0] if given else ""


def _reference(identifier: Json, path: str) -> Reference:
    system, value = identifier.get("system", ""), identifier.get("value")
    if not isinstance(system, str) or not isinstance(value, str) or not value:
        raise BadRequest(f"Member context.{path} must be an identifier with system and value.", code="structure")
    if system:
        return {"identifier": {"system": system, "value": value}}
    return {"reference": f"Patient/{value}" if nhs_number.has_ten_digits(value) else value}


def _code(coding: Json, path: str) -> tuple[str, str]:
    system, code = coding.get("system"), coding.get("code")
    if not isinstance(system, str) or not isinstance(code, str):
        raise BadRequest(f"Member context.{path} must be a coding with system and code.", code="structure")
    return system, code


def _objects(context: Json, name: str) -> list[Json]:
    found = context.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadRequest(f"Member context.{name} must be an array of objects.", code="structure")
    return found
