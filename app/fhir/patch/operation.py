"""The operations of a FHIRPath Patch as its Parameters hold them. https://hl7.org/fhir/R4/fhirpatch.html"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.fhir.errors import BadRequest
from app.fhir.patch.grammar import read_path
from app.fhir.patch.steps import Path

# What each type of operation takes beside type and path.
PARTS: Final = {
    "add": ("name", "value"),
    "insert": ("index", "value"),
    "delete": (),
    "replace": ("value",),
    "move": ("source", "destination"),
}
_CARRIERS: Final = {
    "type": ("valueCode", "valueString"),
    "path": ("valueString",),
    "name": ("valueString",),
    "index": ("valueInteger",),
    "source": ("valueInteger",),
    "destination": ("valueInteger",),
}


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a part: of a FHIR type ("HumanName"), or its own parts when it is of a type without a name."""

    type: str = ""
    content: Any = None
    rest: dict[str, Any] | None = None
    parts: tuple[tuple[str, "Value"], ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `text` is its path as it was written, and what its type does not take is empty."""

    at: str
    type: str
    path: Path
    text: str
    name: str = ""
    value: Value = Value()
    index: int = 0
    source: int = 0
    destination: int = 0


def read_operation(parameter: Mapping[str, Any], at: str) -> Operation:
    """The operation of one Parameters.parameter, which stands at `at`. Raises BadRequest."""
    if parameter["name"] != "operation":
        raise _wrong(at, "A patch holds parameters with the name operation, and no others.")
    parts = _parts(parameter, at)
    type_ = _simple(parts, "type", at)
    if type_ not in PARTS:
        raise _wrong(at, f"The type of an operation is one of {', '.join(PARTS)}.")
    for name in parts:
        if name not in ("type", "path", *PARTS[type_]):
            raise _wrong(at, f"The operation {type_} has no part {name[:50]}.")
    text = _simple(parts, "path", at)
    rest = {name: _simple(parts, name, at) for name in PARTS[type_] if name != "value"}
    if "value" in PARTS[type_]:
        rest["value"] = _value(_part(parts, "value", at), at)
    return Operation(at, type_, _path(text, at), text, **rest)


def _parts(parameter: Mapping[str, Any], at: str) -> dict[str, Mapping[str, Any]]:
    parts: dict[str, Mapping[str, Any]] = {}
    for part in parameter.get("part", ()):
        if part["name"] in parts:
            raise _wrong(at, f"The part {part['name'][:50]} is there twice.")
        parts[part["name"]] = part
    return parts


def _part(parts: Mapping[str, Mapping[str, Any]], name: str, at: str) -> Mapping[str, Any]:
    if name not in parts:
        raise BadRequest(f"The operation lacks its {name}.", expression=at, code="required", spine="MISSING_VALUE")
    return parts[name]


def _simple(parts: Mapping[str, Mapping[str, Any]], name: str, at: str) -> Any:
    part = _part(parts, name, at)
    carrier = next((each for each in _CARRIERS[name] if each in part), "")
    if not carrier:
        raise _wrong(at, f"The part {name} is a {' or '.join(_CARRIERS[name])}.")
    return part[carrier]


def _value(part: Mapping[str, Any], at: str) -> Value:
    if "part" in part:
        return Value(parts=tuple((each["name"], _value(each, at)) for each in part["part"]))
    if "resource" in part:
        return Value(part["resource"]["resourceType"], part["resource"])
    for name in part:
        if name.startswith(("value", "_value")):
            type_ = name.lstrip("_").removeprefix("value")
            return Value(type_, part.get(f"value{type_}"), part.get(f"_value{type_}"))
    raise _wrong(at, "The part value holds nothing.")


def _path(text: str, at: str) -> Path:
    try:
        return read_path(text)
    except BadRequest as problem:
        raise _wrong(at, str(problem)) from None


def _wrong(at: str, diagnostics: str) -> BadRequest:
    return BadRequest(diagnostics, expression=at, code="structure")
