"""JSON Patch (RFC 6902) by the package jsonpatch, within bounds, with errors that say which operation and why.

https://www.rfc-editor.org/rfc/rfc6902, https://hl7.org/fhir/R4/http.html#patch
"""

from dataclasses import dataclass
from typing import Any, Final

from jsonpatch import InvalidJsonPatch, JsonPatch, JsonPatchConflict, JsonPatchException, JsonPatchTestFailed
from jsonpointer import JsonPointer, JsonPointerException

from app.fhir import json
from app.fhir.errors import BadRequest, FhirError, Invalid
from app.fhir.patch import MOST_OPERATIONS, Patch

MEDIA_TYPE: Final = "application/json-patch+json"
OPERATIONS: Final = ("add", "remove", "replace", "move", "copy", "test")
LARGEST: Final = 2_000_000
_MEMBERS: Final = {"add": "value", "replace": "value", "test": "value", "move": "from", "copy": "from"}
_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class _Operation:
    """One operation of a patch, and where it stands in it."""

    index: int
    members: dict[str, Any]
    patch: JsonPatch

    @property
    def name(self) -> str:
        return f"Operation {self.index} ({self.members['op']} {self.members['path'][:_SHOWN]})"


def read_json_patch(body: bytes) -> Patch:
    """The patch in a body. Raises BadRequest when it is none, naming the operation at fault."""
    return read_operations(json.loads(body))


def read_operations(value: Any) -> Patch:
    """The patch of these operations. Raises BadRequest as `read_json_patch`."""
    if not isinstance(value, list):
        raise BadRequest("A JSON Patch is an array of operations.", code="structure")
    if len(value) > MOST_OPERATIONS:
        raise BadRequest(f"A patch has at most {MOST_OPERATIONS} operations.", code="too-long")
    operations = [_operation(index, operation) for index, operation in enumerate(value)]
    return lambda resource: _applied(operations, resource)


def _operation(index: int, value: Any) -> _Operation:
    if not isinstance(value, dict):
        raise _malformed(f"Operation {index} is not an object.")
    op, path = value.get("op"), value.get("path")
    if op not in OPERATIONS:
        raise _malformed(f'Operation {index} needs an "op": {", ".join(OPERATIONS)}.')
    if not isinstance(path, str):
        raise _malformed(f'Operation {index} ({op}) needs a "path".')
    member = _MEMBERS.get(op)
    if member and member not in value:
        raise _malformed(f'Operation {index} ({op} {path[:_SHOWN]}) needs a "{member}".')
    pointers = [path, value["from"]] if member == "from" else [path]
    for pointer in pointers:
        _check_pointer(index, pointer)
    return _Operation(index, value, JsonPatch([value]))


def _check_pointer(index: int, pointer: Any) -> None:
    try:
        depth = len(JsonPointer(pointer).parts)
    except (JsonPointerException, TypeError):
        shown = f"{pointer[:_SHOWN]} " if isinstance(pointer, str) else "What it names "
        raise _malformed(f"Operation {index}: {shown}is no JSON Pointer such as /name/0/family.") from None
    if depth > json.MAX_DEPTH:
        raise _malformed(f"Operation {index}: a path leads at most {json.MAX_DEPTH} levels deep.")


def _applied(operations: list[_Operation], resource: dict[str, Any]) -> Any:
    """The patched resource. What is copied is counted, since a few copies of copies would fill any memory."""
    copied, value = 0, resource
    for operation in operations:
        if operation.members["op"] == "copy":
            copied += _size(operation, value)
            if copied > LARGEST:
                raise Invalid(f"{operation.name}: the patch copies more than {LARGEST} bytes.", code="too-costly")
        value = _one(operation, value)
    return without_empty_arrays(value)


def _one(operation: _Operation, value: Any) -> Any:
    try:
        return operation.patch.apply(value, in_place=True)
    except (JsonPatchException, JsonPointerException) as problem:
        raise _unfit(operation, problem) from None


def _size(operation: _Operation, value: Any) -> int:
    """The bytes of what a copy copies; 0 when there is nothing, which applying it will say."""
    try:
        return len(json.dumps(JsonPointer(operation.members["from"]).resolve(value)))
    except JsonPointerException:
        return 0


def _unfit(operation: _Operation, problem: Exception) -> FhirError:
    # The words of the package may hold parts of the resource: they are not repeated.
    match problem:
        case JsonPatchTestFailed():
            return Invalid(f"{operation.name}: the resource does not hold this value.", code="conflict")
        case InvalidJsonPatch():
            return _malformed(f"{operation.name} is not possible.")
        case JsonPatchConflict() | JsonPointerException():
            where = " or what it is taken from" if "from" in operation.members else ""
            return Invalid(f"{operation.name}: there is no such place{where} in the resource.", code="not-found")
        case _:
            return Invalid(f"{operation.name} cannot be done.", code="processing")


def without_empty_arrays(value: Any) -> Any:
    """The value without members that are empty arrays: FHIR writes nothing as nothing."""
    if isinstance(value, list):
        return [without_empty_arrays(item) for item in value]
    if isinstance(value, dict):
        return {name: without_empty_arrays(member) for name, member in value.items() if member != []}
    return value


def _malformed(diagnostics: str) -> BadRequest:
    return BadRequest(diagnostics, code="structure")
