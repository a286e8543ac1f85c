"""The Parameters that an operation takes: unknown names are 400, bad values 422 (the sharing decision, section 8).

https://hl7.org/fhir/R4/parameters.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.fhir import issues, json, structure
from app.fhir.definition import Rules
from app.fhir.errors import BadRequest, Invalid, Issue


@dataclass(frozen=True, slots=True)
class Input:
    """One parameter: the value[x] that carries it, whether it may repeat or must be there, and the codes it may be."""

    value: str
    many: bool = False
    required: bool = False
    codes: tuple[str, ...] = ()


class Given:
    """The values of the parameters that were given, and where they stood."""

    def __init__(self, values: Mapping[str, list[Any]], places: Mapping[str, list[str]]) -> None:
        self._values = values
        self._places = places

    def all(self, name: str) -> tuple[Any, ...]:
        """Every value of a parameter, in order."""
        return tuple(self._values.get(name, ()))

    def one(self, name: str) -> Any:
        """The value of a parameter, None when it was not given."""
        return next(iter(self._values.get(name, ())), None)

    def text(self, name: str) -> str:
        """The value of a code, date or string, '' when it was not given."""
        return self.one(name) or ""

    def place(self, name: str) -> str:
        """Where a parameter stood, as a FHIRPath; that of all parameters when it was not given."""
        return next(iter(self._places.get(name, ())), "Parameters.parameter")


def read(body: bytes, inputs: Mapping[str, Input], rules: Rules) -> Given:
    """The parameters in a body. BadRequest: no Parameters, unknown, repeated or missing ones; Invalid: bad values."""
    resource = json.loads(body)
    if not isinstance(resource, dict) or resource.get("resourceType") != "Parameters":
        raise BadRequest("The body is a Parameters resource.", code="structure")
    findings = structure.check(resource, rules)
    if findings.issues:
        raise Invalid(issues=findings.issues)
    parameters = resource.get("parameter", [])
    refused = [
        *modified(resource),
        *_unknown(parameters, inputs),
        *_repeated(parameters, inputs),
        *_missing(parameters, inputs),
    ]
    if refused:
        raise BadRequest(issues=tuple(refused))
    bad = [issue for index, parameter in enumerate(parameters) for issue in _bad(parameter, index, inputs)]
    if bad:
        raise Invalid(issues=tuple(bad))
    return _given(parameters, inputs)


def modified(resource: Mapping[str, Any]) -> Iterator[Issue]:
    """What makes parameters mean something else, in a way that nobody here knows."""
    if "implicitRules" in resource:
        yield issues.rule("Parameters.implicitRules", "These rules are not known here; leave them out.")
    for index, parameter in enumerate(resource.get("parameter", ())):
        if "modifierExtension" in parameter:
            text = "This modifier extension is not known here, so what is asked is not either; leave it out."
            yield issues.rule(f"{place(index)}.modifierExtension", text)


def place(index: int) -> str:
    """Where a parameter stands."""
    return f"Parameters.parameter[{index}]"


def _given(parameters: list[dict[str, Any]], inputs: Mapping[str, Input]) -> Given:
    values: dict[str, list[Any]] = {}
    places: dict[str, list[str]] = {}
    for index, parameter in enumerate(parameters):
        name = parameter["name"]
        values.setdefault(name, []).append(parameter[inputs[name].value])
        places.setdefault(name, []).append(place(index))
    return Given(values, places)


def _unknown(parameters: list[dict[str, Any]], inputs: Mapping[str, Input]) -> Iterator[Issue]:
    for index, parameter in enumerate(parameters):
        if parameter["name"] not in inputs:
            known = ", ".join(inputs)
            text = f"Parameter {parameter['name'][:64]} is not known; known are {known}."
            yield Issue("not-supported", text, place(index), spine="INVALID_VALUE")


def _repeated(parameters: list[dict[str, Any]], inputs: Mapping[str, Input]) -> Iterator[Issue]:
    names = [parameter["name"] for parameter in parameters]
    for name, given in inputs.items():
        if names.count(name) > 1 and not given.many:
            yield Issue("invalid", f"Parameter {name} may be given once.", spine="INVALID_VALUE")


def _missing(parameters: list[dict[str, Any]], inputs: Mapping[str, Input]) -> Iterator[Issue]:
    names = {parameter["name"] for parameter in parameters}
    for name, given in inputs.items():
        if given.required and name not in names:
            yield Issue("required", f"Parameter {name} is required.", spine="MISSING_VALUE")


def _bad(parameter: dict[str, Any], index: int, inputs: Mapping[str, Input]) -> Iterator[Issue]:
    name = parameter["name"]
    given = inputs[name]
    if given.value not in parameter:
        yield issues.value(place(index), f"Parameter {name} is a {given.value}.")
    elif given.codes and parameter[given.value] not in given.codes:
        yield issues.value(place(index), f"Parameter {name} is one of: {', '.join(given.codes)}.")
