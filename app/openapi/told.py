"""What an operation takes and answers, as tables for people; from its OperationDefinition."""

from typing import Any, Final

from app.fhir.operations import Operation
from app.fhir.published.operations import operations
from app.fhir.vocabulary import ALL

# Of a longer list only the address is told.
_MOST_CODES: Final = 16
_CODES: Final = {system.name: system.codes for system in ALL}


def inputs(operation: Operation) -> str:
    """A table of the parameters that an operation takes."""
    return _table(("parameter", "value", ""), [each for each in _parameters(operation) if each["use"] == "in"])


def outputs(operation: Operation) -> str:
    """A table of the parameters that an operation answers with."""
    return _table(("parameter", "value", ""), [each for each in _parameters(operation) if each["use"] == "out"])


def answer(operation: Operation) -> str:
    """A table of the parts of one answer."""
    [parts] = [each["part"] for each in _parameters(operation) if each["name"] == "answer"]
    return _table(("part of an answer", "value", ""), parts)


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    [definition] = [each for each in operations() if each["code"] == operation.name]
    found: list[dict[str, Any]] = definition["parameter"]
    return found


def _table(head: tuple[str, ...], parameters: list[dict[str, Any]]) -> str:
    rows = [head, ("---",) * len(head), *(_row(each) for each in parameters)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(parameter: dict[str, Any]) -> tuple[str, ...]:
    times = f"{parameter['min']}..{parameter['max']}"
    type_ = parameter.get("type", "parts: " + ", ".join(each["name"] for each in parameter.get("part", ())))
    return f"`{parameter['name']}` {times}", type_, parameter["documentation"] + _codes(parameter)


def _codes(parameter: dict[str, Any]) -> str:
    if "binding" not in parameter:
        return ""
    name = parameter["binding"]["valueSet"].rpartition("/")[2]
    codes = _CODES[name]
    listed = ", ".join(f"`{code}`" for code in codes) if len(codes) <= _MOST_CODES else f"{len(codes)} codes"
    return f" {listed} (what each means: `CodeSystem/{name}`)"
