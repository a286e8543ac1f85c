"""The Provenance of one version: which client wrote it, for which organisation and user. Made when it is read.

https://hl7.org/fhir/R4/provenance.html
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.fhir.audit_event import CLIENT, ODS, ROLE
from app.fhir.resource_types import RESOURCE_TYPES

PARTICIPANT: Final = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
OPERATION: Final = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
# The part that each agent of a change has.
CUSTODIAN, COMPOSER, AUTHOR = "custodian", "composer", "author"
_ACTIVITIES: Final = {"create": "CREATE", "delete": "DELETE"}
_ID: Final = re.compile(r"([A-Z][A-Za-z]{1,63})\.([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Change:
    """One version as it was written; `sequence` is its place among all versions, `patient` the patient's key.

    `interaction` is create, update, patch or delete. What is not known is ''.
    """

    sequence: int
    type: str
    id: str
    version: int
    recorded: datetime
    interaction: str
    patient: str = ""
    organisation: str = ""
    client: str = ""
    user_role: str = ""
    request_id: str = ""


def change_id(type_: str, sequence: int) -> str:
    """The id of the Provenance of a version."""
    return f"{type_}.{sequence}"


def of_change(id_: str) -> tuple[str, int] | None:
    """The type and sequence number of the version whose Provenance has this id; None for the id of no such."""
    found = _ID.fullmatch(id_)
    return (found[1], int(found[2])) if found and found[1] in RESOURCE_TYPES else None


def is_change(id_: str) -> bool:
    return of_change(id_) is not None


def provenance(change: Change) -> dict[str, Any]:
    """The Provenance of a version."""
    recorded = change.recorded.strftime("%Y-%m-%dT%H:%M:%S.") + f"{change.recorded.microsecond // 1000:03d}Z"
    name = f"{change.type}/{change.id}"
    resource: dict[str, Any] = {
        "resourceType": "Provenance",
        "id": change_id(change.type, change.sequence),
        "meta": {"versionId": "1", "lastUpdated": recorded},
        "target": [{"reference": f"{name}/_history/{change.version}"}, *_patient(change)],
        "recorded": recorded,
        "activity": {
            "coding": [{"system": OPERATION, "code": _ACTIVITIES.get(change.interaction, "UPDATE")}],
            "text": change.interaction,
        },
        "agent": _agents(change),
    }
    if change.version > 1:
        resource["entity"] = [{"role": "revision", "what": {"reference": f"{name}/_history/{change.version - 1}"}}]
    return resource


def _patient(change: Change) -> list[dict[str, str]]:
    is_the_patient = change.type == "Patient" and change.id == change.patient
    return [{"reference": f"Patient/{change.patient}"}] if change.patient and not is_the_patient else []


def _agents(change: Change) -> list[dict[str, Any]]:
    """The organisation whose record it is, the client that acted for it, and the user if one was named."""
    organisation = _who("Organization", ODS, change.organisation) if change.organisation else None
    found = []
    if change.user_role:
        found.append(_agent(AUTHOR, _who("PractitionerRole", ROLE, change.user_role), organisation))
    if change.client:
        found.append(_agent(COMPOSER, _who("Device", CLIENT, change.client), organisation))
    if organisation:
        found.append(_agent(CUSTODIAN, organisation, None))
    return found or [_agent(COMPOSER, {"type": "Device", "display": "unknown"}, None)]


def _who(type_: str, system: str, value: str) -> dict[str, Any]:
    return {"type": type_, "identifier": {"system": system, "value": value}}


def _agent(part: str, who: dict[str, Any], organisation: dict[str, Any] | None) -> dict[str, Any]:
    agent = {"type": {"coding": [{"system": PARTICIPANT, "code": part}]}, "who": who}
    return agent | ({"onBehalfOf": organisation} if organisation else {})
