"""What an AuditEvent is of: its type, subtype and action, by the interaction that the trail has recorded.

https://hl7.org/fhir/R4/valueset-audit-event-type.html, https://hl7.org/fhir/R4/valueset-audit-event-sub-type.html
"""

from dataclasses import dataclass
from typing import Any, Final

INTERACTION: Final = "http://hl7.org/fhir/restful-interaction"
DICOM: Final = "http://dicom.nema.org/resources/ontology/DCM"
REST: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/audit-event-type",
    "code": "rest",
    "display": "RESTful Operation",
}
_AUTHENTICATION: Final = {"system": DICOM, "code": "110114", "display": "User Authentication"}
_SECURITY: Final = {"system": DICOM, "code": "110113", "display": "Security Alert"}
_AUDIT: Final = {"system": DICOM, "code": "110101", "display": "Audit Log Used"}
_LOGIN: Final = {"system": DICOM, "code": "110122", "display": "Login"}
_CLIENT_CHANGED: Final = {"system": DICOM, "code": "110137", "display": "User Security Attributes Changed"}


@dataclass(frozen=True, slots=True)
class Kind:
    """The type, subtype and action of an AuditEvent."""

    type: dict[str, Any]
    subtype: dict[str, Any] | None
    action: str


def _rest(code: str, action: str) -> Kind:
    return Kind(REST, {"system": INTERACTION, "code": code}, action)


_OPERATION: Final = _rest("operation", "E")
KINDS: Final = {
    "create": _rest("create", "C"),
    "read": _rest("read", "R"),
    "vread": _rest("vread", "R"),
    "update": _rest("update", "U"),
    "patch": _rest("patch", "U"),
    "delete": _rest("delete", "D"),
    "history-instance": _rest("history-instance", "R"),
    "history-type": _rest("history-type", "R"),
    "history-system": _rest("history-system", "R"),
    "search-type": _rest("search-type", "E"),
    "search-system": _rest("search-system", "E"),
    "transaction": _rest("transaction", "E"),
    "batch": _rest("batch", "E"),
    "check": _OPERATION,
    # A token given or refused, and a call refused for its token.
    "token": Kind(_AUTHENTICATION, _LOGIN, "E"),
    "access": Kind(_AUTHENTICATION, _LOGIN, "E"),
    "client-add": Kind(_SECURITY, _CLIENT_CHANGED, "C"),
    "client-list": Kind(_SECURITY, None, "R"),
    "client-disable": Kind(_SECURITY, _CLIENT_CHANGED, "U"),
    "client-rotate": Kind(_SECURITY, _CLIENT_CHANGED, "U"),
    "audit-verify": Kind(_AUDIT, None, "R"),
    "audit-export": Kind(_AUDIT, None, "R"),
    "audit-remove": Kind(_AUDIT, None, "D"),
}


def kind(interaction: str) -> Kind:
    """What an interaction is shown as; one that has no name here is an operation."""
    return KINDS.get(interaction, _OPERATION)
