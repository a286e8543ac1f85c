"""What an AuditEvent tells of a sharing check: the question, each answer with its basis, and the records relied on.

https://hl7.org/fhir/R4/auditevent-definitions.html#AuditEvent.entity
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

_PURPOSE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_SYSTEM_OBJECT: Final = {"system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": "2"}
_OBJECT_ROLE: Final = "http://terminology.hl7.org/CodeSystem/object-role"
_QUESTION: Final = {"system": _OBJECT_ROLE, "code": "24", "display": "Query"}
_REPORT: Final = {"system": _OBJECT_ROLE, "code": "3", "display": "Report"}
_RECORD: Final = {"system": _OBJECT_ROLE, "code": "4", "display": "Domain Resource"}
# The names that the operation itself gives its parameters.
_ASKED: Final = {
    "at": "at",
    "recipients": "recipient",
    "scopes": "scope",
    "resources": "resource",
    "action": "action",
    "content": "content",
    "purpose": "purpose",
    "team": "team",
}


def purposes(detail: Mapping[str, Any]) -> list[dict[str, Any]]:
    """AuditEvent.purposeOfEvent: the purpose that a check was asked for, when one was given."""
    purpose = detail.get("question", {}).get("purpose")
    return [{"coding": [{"system": _PURPOSE, "code": purpose}]}] if purpose else []


def check_entities(detail: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """One entity for the question, one for each answer, and one for each version that an answer rests on."""
    if "question" not in detail:
        return
    yield _question(detail)
    answers = detail.get("answers", ())
    for answer in answers:
        yield _answer(answer)
    for version in dict.fromkeys(record for answer in answers for record in answer["basedOn"]):
        yield {"what": {"reference": version}, "type": _SYSTEM_OBJECT, "role": _RECORD, "description": "relied on"}


def _question(detail: Mapping[str, Any]) -> dict[str, Any]:
    question = detail["question"]
    asked = [(told, value) for name, told in _ASKED.items() for value in _each(question.get(name))]
    asked += [("edition", detail.get("edition", "")), ("now", detail.get("now", ""))]
    return {
        "type": _SYSTEM_OBJECT,
        "role": _QUESTION,
        "name": "Consent/$check-sharing",
        "description": "question",
        "detail": [_detail(name, value) for name, value in asked if value],
    }


def _answer(answer: Mapping[str, Any]) -> dict[str, Any]:
    told = [(name, answer[name]) for name in ("scope", "decision", "basis")]
    told += [("basedOn", record) for record in answer["basedOn"]]
    told += [("considered", f"{record} {why}") for record, why in answer.get("considered", ())]
    recipient = {"what": {"reference": answer["recipient"]}} if answer["recipient"] else {}
    return {
        **recipient,
        "type": _SYSTEM_OBJECT,
        "role": _REPORT,
        "description": "answer",
        "detail": [_detail(name, value) for name, value in told if value],
    }


def _detail(name: str, value: str) -> dict[str, str]:
    return {"type": name, "valueString": value}


def _each(value: Any) -> Iterable[str]:
    return value if isinstance(value, list) else [value]
