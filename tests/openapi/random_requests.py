"""Requests made up from the OpenAPI document, allowed and not allowed by it, sent to a service of their own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cached_property
from typing import Any, Literal

import schemathesis
import uvicorn
from hypothesis import given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.config import Settings
from app.fhir.resources import DEFINITIONS
from app.main import create_app
from tests.conftest import IN_TESTS

# The interactions of a type that take its own content, that take its own search parameters, and that take neither.
KINDS = (
    ("create", "update", "updateByCriteria"),
    ("search", "searchByPost", "patchByCriteria", "deleteByCriteria"),
    ("read", "vread", "history", "typeHistory", "patch", "delete"),
)
# What Prefer: return=minimal asks for cannot be said of one media type alone.
CHECKS_WITHOUT_BODY: list[Any] = [not_a_server_error, status_code_conformance, response_headers_conformance]
CHECKS = [*CHECKS_WITHOUT_BODY, content_type_conformance, response_schema_conformance]


@contextmanager
def serving(database_url: str, authentication: Literal["on", "off"] = "off") -> Iterator[str]:
    """The address of a service on this database, on a port of its own."""
    chosen = IN_TESTS | {"audit_queue": 100_000, "authentication": authentication}
    app = create_app(Settings(database_url=database_url, **chosen))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


class Operations:
    """The operations of a document by their operationId; it is read when the first is asked for."""

    def __init__(self, document: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]] = deepcopy) -> None:
        self._document = document
        self._change = change
        self.names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]

    def __getitem__(self, name: str) -> APIOperation:
        return self._read.find_operation_by_id(name)

    @cached_property
    def _read(self) -> BaseSchema:
        return schemathesis.openapi.from_dict(self._change(self._document))


def share(names: list[str]) -> list[str]:
    """Without most of what the document says of every type alike: each type is asked one of a kind of it, in turn."""
    types = [definition.type for definition in DEFINITIONS]
    alike = {f"{one}{type_}" for kind in KINDS for one in kind for type_ in types}
    in_turn = {f"{kind[number % len(kind)]}{type_}" for number, type_ in enumerate(types) for kind in KINDS}
    return [name for name in names if name not in alike or name in in_turn]


def shallow(document: dict[str, Any]) -> dict[str, Any]:
    """The document with datatypes as objects of any kind: it takes too long to go wrong at every depth."""
    copy = deepcopy(document)
    for title, schema in copy["components"]["schemas"].items():
        if schema.get("type") == "object" and "resourceType" not in schema["properties"]:
            copy["components"]["schemas"][title] = {"type": "object"}
    return copy


def send(operation: APIOperation, mode: GenerationMode, address: str, how: settings) -> None:
    """Sends what `how` says; fails on 5xx, and on a status, header, media type or body that is not documented."""

    @how
    @given(operation.as_strategy(generation_mode=mode))
    def one(case: Case) -> None:
        answer = case.call(base_url=address)
        case.validate_response(answer, checks=CHECKS if answer.content else CHECKS_WITHOUT_BODY)

    one()
