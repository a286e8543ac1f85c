"""What $validate is asked: https://hl7.org/fhir/R4/resource-operation-validate.html"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

from app.fhir import json, structure
from app.fhir.definition import Rules
from app.fhir.errors import BadRequest

Mode = Literal["create", "update", "delete", "profile"]
MODES: Final = get_args(Mode)
_CARRIERS: Final = {"mode": ("valueCode", "valueString"), "profile": ("valueUri", "valueCanonical", "valueString")}
# The shape of Parameters does not depend on the time.
_RULES: Final = Rules(now=datetime(1970, 1, 1, tzinfo=UTC), check_nhs_numbers=False)


@dataclass(frozen=True, slots=True)
class Validation:
    """A resource to look at (None: the stored one), as what is to be done with it, and against which profile."""

    resource: Any = None
    mode: Mode | None = None
    profile: str = ""


def read_validation(body: bytes | None, pairs: Sequence[tuple[str, str]], *, has_id: bool) -> Validation:
    """The question of a body, Parameters or the resource itself, and of the parameters of the URL.

    `has_id` says that a stored resource is named. Raises BadRequest.
    """
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name not in _CARRIERS:
            raise _wrong(f"{name[:50]} is no parameter of $validate; resource, mode and profile are.")
        _give(given, name, value)
    sent = json.loads(body) if body else None
    if isinstance(sent, dict) and sent.get("resourceType") == "Parameters":
        _read_parameters(given, sent)
    elif sent is not None:
        given["resource"] = sent
    return _understood(given, has_id=has_id)


def _read_parameters(given: dict[str, Any], value: dict[str, Any]) -> None:
    # What is wrong with the resource itself is the answer, and no fault of the question.
    parameters = value.get("parameter")
    if not isinstance(parameters, list):
        raise _wrong("The Parameters hold no parameter.")
    around = [
        {name: member for name, member in each.items() if name != "resource"} | {"valueBoolean": True}
        if isinstance(each, dict) and "resource" in each
        else each
        for each in parameters
    ]
    findings = structure.check({**value, "parameter": around}, _RULES)
    if findings.issues:
        raise BadRequest(issues=findings.issues)
    for index, each in enumerate(parameters):
        _read_one(given, each, f"Parameters.parameter[{index}]")


def _read_one(given: dict[str, Any], parameter: Mapping[str, Any], at: str) -> None:
    name = parameter["name"]
    if name == "resource" and "resource" in parameter:
        _give(given, name, parameter["resource"], at)
        return
    carrier = next((each for each in _CARRIERS.get(name, ()) if each in parameter), "")
    if not carrier:
        raise _wrong(f"{name[:50]} is no parameter of $validate; resource, mode (code) and profile (uri) are.", at)
    _give(given, name, parameter[carrier], at)


def _give(given: dict[str, Any], name: str, value: Any, at: str = "") -> None:
    if name in given:
        raise _wrong(f"{name} is given twice.", at)
    given[name] = value


def _understood(given: dict[str, Any], *, has_id: bool) -> Validation:
    mode = given.get("mode")
    if mode is not None and mode not in MODES:
        raise _wrong(f"The mode is one of {', '.join(MODES)}.")
    asked = Validation(given.get("resource"), mode, given.get("profile", ""))
    if mode in ("delete", "profile") and not has_id:
        raise _wrong(f"The mode {mode} is about a stored resource: ask [type]/[id]/$validate.")
    if mode == "profile" and (asked.resource is not None or not asked.profile):
        raise _wrong("The mode profile takes a profile, and no resource.")
    if mode in ("create", "update") and asked.resource is None:
        raise _wrong(f"The mode {mode} takes a resource.")
    if asked.resource is None and not has_id:
        raise _wrong("A resource is missing: as the body, or as the parameter resource.")
    return asked


def _wrong(diagnostics: str, expression: str = "") -> BadRequest:
    return BadRequest(diagnostics, expression=expression)
