"""Reads the examples of an OpenAPI document back into requests: what bears one name belongs together."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

Json = dict[str, Any]


@dataclass
class Example:
    """A request, the status it is to be answered with, and the body and ETag shown for it."""

    operation: str
    name: str
    method: str
    path: str
    status: int
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    media_type: str = ""
    answer: Any = None
    etag: str = ""

    def __str__(self) -> str:
        return f"{self.operation}-{self.name}"


def examples(document: Json) -> Iterator[Example]:
    """Every example of the document, in its order."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for name in _names(operation):
                yield _example(document, path, method, operation, name)


def alone(document: Json) -> Iterator[tuple[str, str, Any]]:
    """Every parameter that shows a value of its own: path, name, value; of "_tag" and its like the first."""
    shown = set()
    for path, item in document["paths"].items():
        for parameter in item.get("get", {}).get("parameters", []):
            if "example" not in parameter:
                continue
            name, value = parameter["name"], parameter["example"]
            asked = (name if name.startswith("_") else f"{path}?{name}", str(value))
            if asked not in shown:
                shown.add(asked)
                yield path, name, value


def _names(operation: Json) -> list[str]:
    """The names of its examples, in the order in which the request shows them, then the answers."""
    asked = [*operation.get("parameters", []), *operation.get("requestBody", {}).get("content", {}).values()]
    answered = [holder for answer in operation["responses"].values() for holder in _holders(answer)]
    return list(dict.fromkeys(name for holder in (*asked, *answered) for name in holder.get("examples", {})))


def _holders(answer: Json) -> list[Json]:
    return [*answer.get("content", {}).values(), *answer.get("headers", {}).values()]


def _example(document: Json, path: str, method: str, operation: Json, name: str) -> Example:
    example = Example(operation["operationId"], name, method.upper(), path, 0)
    for parameter in operation.get("parameters", []):
        if name in parameter.get("examples", {}):
            _send(example, parameter, parameter["examples"][name]["value"])
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        if name in content.get("examples", {}):
            example.body, example.media_type = content["examples"][name]["value"], media_type
    for status, answer in operation["responses"].items():
        for holder in _holders(answer):
            if name in holder.get("examples", {}):
                example.status = int(status)
        for content in answer.get("content", {}).values():
            example.answer = content.get("examples", {}).get(name, {}).get("value", example.answer)
        example.etag = (
            answer.get("headers", {}).get("ETag", {}).get("examples", {}).get(name, {}).get("value", example.etag)
        )
    return example


def _send(example: Example, parameter: Json, value: Any) -> None:
    match parameter["in"]:
        case "path":
            example.path = example.path.replace(f"{{{parameter['name']}}}", quote(value, safe=""))
        case "query":
            values = value if isinstance(value, list) else [value]
            example.query += [(parameter["name"], str(each)) for each in values]
        case "header":
            example.headers[parameter["name"]] = value
