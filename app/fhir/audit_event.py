"""AuditEvent: one row of the audit trail as a FHIR resource. https://hl7.org/fhir/R4/auditevent.html

The request id stands where IHE BALP has it: https://profiles.ihe.net/ITI/BALP/
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Final

from app.fhir import nhs_number
from app.fhir.audit_check import check_entities, purposes
from app.fhir.audit_kinds import kind
from app.fhir.canonical import BASE
from app.fhir.terminology import RESOURCE_TYPE

ODS: Final = "https://fhir.nhs.uk/Id/ods-organization-code"
ROLE: Final = "https://fhir.nhs.uk/Id/sds-role-profile-id"
CLIENT: Final = f"{BASE}/Id/client"
_OBJECT_ROLE: Final = "http://terminology.hl7.org/CodeSystem/object-role"
_ENTITY_TYPE: Final = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_BALP: Final = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType"
_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")
# What a FHIR string cannot hold: https://hl7.org/fhir/R4/datatypes.html#string
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One row of the audit trail; `patient` is the patient's key, `detail` what a check tells beyond the rest."""

    key: int
    recorded: datetime
    interaction: str
    type: str = ""
    id: str = ""
    version: int = 0
    patient: str = ""
    status: int = 200
    outcome: str = ""
    query: str = ""
    client: str = ""
    organisation: str = ""
    user_role: str = ""
    request_id: str = ""
    correlation_id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def audit_event(row: Recorded, site: str) -> dict[str, Any]:
    """The AuditEvent of a row, whatever a caller once sent; `site` is the address of this service."""
    of = kind(row.interaction)
    recorded = row.recorded.strftime("%Y-%m-%dT%H:%M:%S.") + f"{row.recorded.microsecond // 1000:03d}Z"
    resource: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": str(row.key),
        "meta": {"versionId": "1", "lastUpdated": recorded},
        "type": of.type,
        "subtype": [of.subtype] if of.subtype else [],
        "action": of.action,
        "recorded": recorded,
        "outcome": _outcome(row.status),
        "outcomeDesc": _text(row.outcome),
        "purposeOfEvent": purposes(row.detail),
        "agent": list(_agents(row)),
        "source": {
            "site": site,
            "observer": {"display": "Kith"},
            "type": [{"system": "http://terminology.hl7.org/CodeSystem/security-source-type", "code": "4"}],
        },
        "entity": [*_entities(row), *_patients(row.detail), *check_entities(row.detail)],
    }
    return {name: value for name, value in resource.items() if value}


def _outcome(status: int) -> str:
    """0 for what was done, 4 for what was refused, 8 when the service was at fault."""
    return "0" if status < 400 else "4" if status < 500 else "8"  # noqa: PLR2004  # classes of HTTP status


def _agents(row: Recorded) -> Iterable[dict[str, Any]]:
    """Who asked: the user's role, the organisation, and the client; the first that is known is the requestor."""
    found: list[dict[str, Any]] = []
    if row.user_role:
        kind = {"system": "http://terminology.hl7.org/CodeSystem/extra-security-role-type", "code": "humanuser"}
        found.append({"type": {"coding": [kind]}, "who": _identified(ROLE, row.user_role)})
    if row.organisation:
        kind = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleClass", "code": "PROV"}
        found.append({"type": {"coding": [kind]}, "who": _identified(ODS, row.organisation)})
    if row.client or not found:
        kind = {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110153"}
        found.append({"type": {"coding": [kind]}, "name": _text(row.client) or "unknown"})
        if _is_address(row.client):
            found[-1]["network"] = {"address": row.client, "type": "2"}
    for place, agent in enumerate(found):
        yield {**agent, "requestor": place == 0}


def _entities(row: Recorded) -> Iterable[dict[str, Any]]:
    is_the_patient = row.type == "Patient" and row.id == row.patient
    if row.patient and not is_the_patient:
        yield {"what": {"reference": f"Patient/{row.patient}"}, "type": _entity_type("1"), "role": _role("1")}
    if row.id and not row.type:  # the registration of a client
        client = {"identifier": {"system": CLIENT, "value": _text(row.id) or "unknown"}}
        yield {"what": client, "type": _entity_type("2"), "role": _role("11")}
    elif row.id:
        role = _role("1" if row.type == "Patient" else "4")
        yield {**_what(row), "type": {"system": RESOURCE_TYPE, "code": row.type}, "role": role}
    if row.query:
        query = b64encode(row.query.encode("utf-8", "replace")).decode()
        yield {"type": _entity_type("2"), "role": _role("24"), "query": query}
    yield _request(row)


def _patients(detail: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """Of a search that showed, or asked for, several patients: each of them."""
    for name in detail.get("patients", ()):
        by_number = {"type": "Patient", "identifier": {"system": nhs_number.SYSTEM, "value": name}}
        what = by_number if nhs_number.has_ten_digits(name) else {"reference": f"Patient/{name}"}
        yield {"what": what, "type": _entity_type("1"), "role": _role("1")}


def _what(row: Recorded) -> dict[str, Any]:
    """The resource with its version; an id that nothing can have is told as it was sent."""
    if not _ID.fullmatch(row.id):
        return {"name": _text(f"{row.type}/{row.id}")}
    version = f"/_history/{row.version}" if row.version else ""
    return {"what": {"reference": f"{row.type}/{row.id}{version}"}}


def _request(row: Recorded) -> dict[str, Any]:
    told = {"status": str(row.status), "X-Correlation-ID": _text(row.correlation_id)}
    return {
        "what": {"identifier": {"value": _text(row.request_id) or "unknown"}},
        "type": {"system": _BALP, "code": "XrequestId"},
        "detail": [{"type": name, "valueString": value} for name, value in told.items() if value],
    }


def _identified(system: str, value: str) -> dict[str, Any]:
    return {"identifier": {"system": system, "value": _text(value) or "unknown"}}


def _entity_type(code: str) -> dict[str, str]:
    return {"system": _ENTITY_TYPE, "code": code}


def _role(code: str) -> dict[str, str]:
    return {"system": _OBJECT_ROLE, "code": code}


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def _text(text: str) -> str:
    """A text that FHIR can hold; '' when nothing of it can be read."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text).strip()
