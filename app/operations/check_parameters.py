"""Parameters in and out of $check-sharing: https://hl7.org/fhir/R4/parameters.html (the sharing decision, section 8)"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

from app.fhir import json, nhs_number, structure
from app.fhir.definition import Rules
from app.fhir.errors import BadRequest
from app.fhir.resource_types import RESOURCE_TYPES
from app.operations.asked import Asked, Reference
from app.operations.check_sharing import Checked
from app.operations.inputs import modified
from app.record.stamp import instant
from app.sharing.answer import Answer, Considered
from app.storage.deletion import UNSEEN


@dataclass(frozen=True, slots=True)
class Parameter:
    """One input: the field of Asked it fills, the value[x] that carries it, and whether it may repeat."""

    field: str
    value: str
    many: bool = False


# Structure and values of Parameters do not depend on the time.
NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
INPUTS: Final = {
    "patient": Parameter("patient", "valueReference"),
    "recipient": Parameter("recipients", "valueReference", many=True),
    "resource": Parameter("resources", "valueReference", many=True),
    "team": Parameter("team", "valueReference"),
    "scope": Parameter("scopes", "valueCode", many=True),
    "action": Parameter("action", "valueCode"),
    "content": Parameter("content", "valueCode"),
    "purpose": Parameter("purpose", "valueCode"),
    "at": Parameter("at", "valueInstant"),
}

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z-]*", re.ASCII)
_LITERAL: Final = re.compile(r"([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}", re.ASCII)


def parse_parameters(body: bytes) -> Mapping[str, Any]:
    """A structurally valid Parameters resource. Raises BadRequest with all that is wrong."""
    value = json.loads(body)
    if not isinstance(value, dict) or value.get("resourceType") != "Parameters":
        raise BadRequest("The body is a Parameters resource.", code="structure")
    if _is_plain(value):
        return value
    findings = structure.check(value, Rules(now=NO_TIME, check_nhs_numbers=False))
    found = findings.issues or tuple(modified(value))
    if found:
        raise BadRequest(issues=found)
    return value


def _is_plain(resource: Mapping[str, Any]) -> bool:
    """Whether it holds names with codes and `Type/id`s alone, in which no walk over the tables finds anything wrong."""
    match resource:
        case {"resourceType": _, "parameter": [_, *_] as parameters, **rest} if not rest:
            return all(_is_plain_parameter(parameter) for parameter in parameters)
    return False


def _is_plain_parameter(parameter: Any) -> bool:
    if not isinstance(parameter, dict) or len(parameter) != len(("name", "value")):
        return False
    match parameter:
        case {"name": str(name), "valueCode": str(code)}:
            return bool(_WORD.fullmatch(name) and _WORD.fullmatch(code))
        case {"name": str(name), "valueReference": {"reference": str(literal), **more}} if not more:
            found = _LITERAL.fullmatch(literal)
            return bool(_WORD.fullmatch(name) and found and found[1] in RESOURCE_TYPES)
    return False


def from_parameters(resource: Mapping[str, Any]) -> Asked:
    """The question of a structurally valid Parameters resource. Raises BadRequest naming each parameter at fault."""
    given: dict[str, list[Any]] = {}
    for index, parameter in enumerate(resource.get("parameter", ())):
        name, at = parameter["name"], f"Parameters.parameter[{index}]"
        known = _known(name, at)
        if known.value not in parameter:
            raise _refused(name, f"is a {known.value}", at)
        given.setdefault(name, []).append(parameter[known.value])
    return _asked(given)


def from_query(pairs: Sequence[tuple[str, str]]) -> Asked:
    """The question of a GET: the same names, references as Type/id or system|value."""
    given: dict[str, list[Any]] = {}
    for name, text in pairs:
        known = _known(name)
        if not text:
            raise _refused(name, "is empty")
        read: Callable[[str], Any] = reference if known.value == "valueReference" else str
        given.setdefault(name, []).append(read(text))
    return _asked(given)


def reference(text: str) -> Reference:
    """A reference written as text: `Type/id`, an absolute URL, `system|value`, or the ten digits of an NHS number."""
    if nhs_number.has_ten_digits(text):
        return {"identifier": {"system": nhs_number.SYSTEM, "value": text}}
    system, bar, value = text.rpartition("|")
    return {"identifier": {"system": system, "value": value}} if bar else {"reference": text}


def to_parameters(checked: Checked) -> dict[str, Any]:
    """The answers as a Parameters resource."""
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "decision", "valueCode": checked.decision},
            *record(checked),
            *(answer(one) for one in checked.answers),
        ],
    }


def record(checked: Checked) -> list[dict[str, Any]]:
    """Where a check is recorded, and by which edition of the rules it was decided."""
    return [
        {"name": "auditEvent", "valueReference": {"reference": f"AuditEvent/{checked.audit_event}"}},
        {"name": "edition", "valueString": checked.edition},
    ]


def answer(one: Answer) -> dict[str, Any]:
    """One answer as a parameter with parts; what is empty is left out."""
    parts: list[dict[str, Any]] = []
    if one.recipient:
        parts.append({"name": "recipient", "valueReference": {"reference": one.recipient}})
    if one.scope:
        parts.append({"name": "scope", "valueCode": one.scope})
    parts += [
        {"name": "decision", "valueCode": one.decision},
        {"name": "basis", "valueCode": one.basis},
        {"name": "reason", "valueString": one.reason},
        *[{"name": "basedOn", "valueReference": _based_on(record)} for record in one.based_on],
        *[_considered(record) for record in one.considered],
        *[{"name": "obligation", "valueCode": code} for code in one.obligations],
        *[{"name": "stillAllowed", "valueCode": code} for code in one.still_allowed],
        {"name": "nextAction", "valueCode": one.next_action},
        {"name": "overridable", "valueBoolean": one.overridable},
    ]
    if one.review_due:
        parts.append({"name": "reviewDue", "valueDateTime": one.review_due})
    if one.valid_until:
        parts.append({"name": "validUntil", "valueInstant": instant(one.valid_until)})
    return {"name": "answer", "part": parts}


def _based_on(record: str) -> dict[str, str]:
    return {"display": record} if record == UNSEEN else {"reference": record}


def _considered(record: Considered) -> dict[str, Any]:
    parts = [
        {"name": "record", "valueReference": {"reference": record.record}},
        {"name": "why", "valueCode": record.why},
    ]
    return {"name": "considered", "part": parts}


def _known(name: str, expression: str = "") -> Parameter:
    if name not in INPUTS:
        raise _refused(name, f"is not known; known are {', '.join(INPUTS)}", expression)
    return INPUTS[name]


def _asked(given: dict[str, list[Any]]) -> Asked:
    for name, values in given.items():
        if len(values) > 1 and not INPUTS[name].many:
            raise _refused(name, "may be given once")
    if "patient" not in given:
        raise BadRequest("Parameter patient is required.", code="required", spine="MISSING_VALUE")
    fields = {INPUTS[name].field: values if INPUTS[name].many else values[0] for name, values in given.items()}
    return Asked(**cast(Any, fields))


def _refused(name: str, problem: str, expression: str = "") -> BadRequest:
    return BadRequest(f"Parameter {name[:64]} {problem}.", expression=expression)
