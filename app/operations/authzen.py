"""OpenID AuthZEN requests as questions: https://openid.net/specs/authorization-api-1_0.html (section 8)

Members that the protocol leaves open are ignored, since gateways send what they have; what this service would have
to understand to answer rightly, and does not, is refused.
"""

from collections.abc import Mapping
from typing import Any, Final

from app.fhir import json, nhs_number
from app.fhir.errors import BadRequest
from app.operations.asked import NOBODY, Asked, Reference
from app.operations.check_parameters import reference
from app.operations.understanding import RECIPIENTS

Json = Mapping[str, Any]

PATIENT_INFORMATION: Final = "patient-information"
# A subject who is not on the record: they may be listened to.
UNKNOWN: Final = "unknown"
_ACTION_PROPERTIES: Final = ("purpose", "content")
_RESOURCE_PROPERTIES: Final = ("scope", "resource")


def parse(body: bytes) -> Json:
    """The object in a body. Raises BadRequest."""
    value = json.loads(body)
    if not isinstance(value, dict):
        raise BadRequest("The body is a JSON object.", code="structure")
    return value


def asked(request: Json) -> Asked:
    """The question of an evaluation. Raises BadRequest naming the member at fault."""
    return question(request, [subject(request)], action(request))


def question(request: Json, recipients: list[Reference], action: Json) -> Asked:
    """A question about the resource and context of a request."""
    resource = _object(request, "resource")
    if _text(resource, "resource", "type") != PATIENT_INFORMATION:
        raise BadRequest(f"Member resource.type must be {PATIENT_INFORMATION}.", code="code-invalid")
    properties = _properties(resource, "resource", _RESOURCE_PROPERTIES)
    context = _optional(request, "context")
    team = _optional_text(context, "context", "team")
    wanted = _properties(action, "action", _ACTION_PROPERTIES)
    return Asked(
        patient=_patient(_text(resource, "resource", "id")),
        recipients=recipients,
        resources=[reference(text) for text in _texts(properties, "resource.properties", "resource")],
        scopes=_texts(properties, "resource.properties", "scope"),
        action=_text(action, "action", "name"),
        content=_optional_text(wanted, "action.properties", "content"),
        purpose=_optional_text(wanted, "action.properties", "purpose"),
        at=_optional_text(context, "context", "at"),
        team=reference(team) if team else NOBODY,
    )


def action(request: Json) -> Json:
    """The action of a request."""
    found = _object(request, "action")
    _text(found, "action", "name")
    return found


def subject(request: Json) -> Reference:
    """Who would be told: by id, or as `system|value`. What else is said about a subject is ignored."""
    found = _object(request, "subject")
    type_, id_ = subject_type(found), _text(found, "subject", "id")
    _optional(found, "properties", "subject.properties")
    system, bar, value = id_.rpartition("|")
    if bar:
        return {"type": type_, "identifier": {"system": system, "value": value}}
    return {"reference": f"{type_}/{id_}"}


def subject_type(subject: Json) -> str:
    """The type of a subject."""
    type_ = _text(subject, "subject", "type")
    if type_ not in RECIPIENTS:
        raise BadRequest(f"Member subject.type must be one of: {', '.join(RECIPIENTS)}.", code="code-invalid")
    return type_


def searched_type(request: Json) -> str:
    """The type of the subjects that are searched for; their id is ignored, as the protocol says."""
    return subject_type(_object(request, "subject"))


def _patient(id_: str) -> Reference:
    return {"reference": f"Patient/{id_}"} if nhs_number.has_ten_digits(id_) else reference(id_)


def _object(holder: Json, name: str) -> Json:
    if name not in holder:
        raise BadRequest(f"Member {name} is required.", code="required", spine="MISSING_VALUE")
    return _optional(holder, name)


def _optional(holder: Json, name: str, path: str = "") -> Json:
    found = holder.get(name, {})
    if not isinstance(found, dict):
        raise BadRequest(f"Member {path or name} must be an object.", code="structure")
    return found


def _text(holder: Json, path: str, name: str) -> str:
    if name not in holder:
        raise BadRequest(f"Member {path}.{name} is required.", code="required", spine="MISSING_VALUE")
    return _optional_text(holder, path, name)


def _optional_text(holder: Json, path: str, name: str) -> str:
    found = holder.get(name, "")
    if not isinstance(found, str) or (name in holder and not found):
        raise BadRequest(f"Member {path}.{name} must be a string with something in it.", code="structure")
    return found


def _texts(holder: Json, path: str, name: str) -> list[str]:
    """A member that is a string or an array of strings."""
    found = holder.get(name, [])
    found = [found] if isinstance(found, str) else found
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise BadRequest(f"Member {path}.{name} must be a string, or an array of strings.", code="structure")
    return found


def _properties(holder: Json, path: str, known: tuple[str, ...]) -> Json:
    found = _optional(holder, "properties", f"{path}.properties")
    for name in found:
        if name not in known:
            text = f"Member {path}.properties.{name[:64]} is not known; known are {', '.join(known)}."
            raise BadRequest(text, code="not-supported")
    return found
