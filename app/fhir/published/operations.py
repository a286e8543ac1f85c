"""The operation check-sharing as OperationDefinition. https://hl7.org/fhir/R4/operationdefinition.html"""

from typing import Any, Final

from app.fhir.canonical import BASE
from app.fhir.published.head import Resource, head

Parameter = dict[str, Any]

_MANY: Final = "*"


def operations() -> list[Resource]:
    """The operations that are defined here."""
    return [_check_sharing()]


def _check_sharing() -> Resource:
    description = (
        "May these people be told this, at this time? One answer for each recipient and scope, with its basis. Without "
        "recipient every active supporter of the patient is asked about, without scope every scope. A deny is an "
        "answer: HTTP 200."
    )
    return head("OperationDefinition", "check-sharing", "Check sharing", description) | {
        "kind": "operation",
        "affectsState": False,
        "code": "check-sharing",
        "resource": ["Consent"],
        "system": False,
        "type": True,
        "instance": False,
        "parameter": [*_asked(), *_answered()],
    }


def _asked() -> list[Parameter]:
    return [
        _parameter("patient", "in", "Reference", "The patient, by Patient/<id> or NHS number.", at_least=1),
        _parameter("recipient", "in", "Reference", "Who would be told.", _MANY),
        _parameter("resource", "in", "Reference", "Stored resources that somebody wants to share.", _MANY),
        _parameter("team", "in", "Reference", "The Organization or CareTeam that would tell."),
        _coded("scope", "in", "sharing-scope", "What would be told.", _MANY),
        _parameter("action", "in", "code", "disclose or listen; disclose when absent."),
        _parameter("content", "in", "code", "specific to this patient, or general; specific when absent."),
        _parameter("purpose", "in", "code", "A PurposeOfUse code; absent: direct care with the support network."),
        _parameter("at", "in", "instant", "When; absent: now. For the past, by the records as they stood then."),
    ]


def _answered() -> list[Parameter]:
    considered = [
        _parameter("record", "out", "Reference", "The version of a record.", at_least=1),
        _coded("why", "out", "considered-why", "Why it did not decide.", at_least=1),
    ]
    answer = [
        _parameter("recipient", "out", "Reference", "Who; absent for somebody who is not on the record."),
        _coded("scope", "out", "sharing-scope", "What."),
        _parameter("decision", "out", "code", "permit or deny.", at_least=1),
        _coded("basis", "out", "decision-basis", "On what the answer rests.", at_least=1),
        _parameter("reason", "out", "string", "One sentence for the clinician.", at_least=1),
        _parameter("basedOn", "out", "Reference", "The versions of the records that decided.", _MANY),
        _parts("considered", "Other records that speak about this recipient.", considered, _MANY),
        _coded("obligation", "out", "obligation", "What must be done or not be done.", _MANY),
        _coded("stillAllowed", "out", "still-allowed", "What may be done in spite of a deny.", _MANY),
        _coded("nextAction", "out", "next-action", "What to do next.", at_least=1),
        _parameter("overridable", "out", "boolean", "Whether a safety override could replace a deny.", at_least=1),
        _parameter("reviewDue", "out", "dateTime", "When the deciding records are to be looked at again."),
        _parameter("validUntil", "out", "instant", "When the same records would decide differently."),
    ]
    return [
        _parameter("decision", "out", "code", "permit when every answer permits, else deny.", at_least=1),
        _parameter("auditEvent", "out", "Reference", "The AuditEvent of this check.", at_least=1),
        _parameter("edition", "out", "string", "The edition of the rules.", at_least=1),
        _parts("answer", "One for each recipient and scope.", answer, _MANY),
    ]


def _parameter(name: str, use: str, type_: str, words: str, at_most: str = "1", *, at_least: int = 0) -> Parameter:
    return {"name": name, "use": use, "min": at_least, "max": at_most, "documentation": words, "type": type_}


def _coded(name: str, use: str, codes: str, words: str, at_most: str = "1", *, at_least: int = 0) -> Parameter:
    binding = {"strength": "required", "valueSet": f"{BASE}/ValueSet/{codes}"}
    return _parameter(name, use, "code", words, at_most, at_least=at_least) | {"binding": binding}


def _parts(name: str, words: str, parts: list[Parameter], at_most: str) -> Parameter:
    return {"name": name, "use": "out", "min": 0, "max": at_most, "documentation": words, "part": parts}
