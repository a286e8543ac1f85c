"""The document is valid, complete, and the one that is kept in the repository."""

import json
import os
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from app.fhir.capability import INTERACTIONS
from app.fhir.resources import DEFINITIONS
from app.fhir.resources.audit_event import AUDIT_EVENT
from app.openapi.file import FILE, content
from tests.openapi.kept import DOCUMENT

OPERATIONS = [
    (path, method, operation) for path, item in DOCUMENT["paths"].items() for method, operation in item.items()
]


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [*chain.from_iterable(map(_references, node))]
    if not isinstance(node, dict):
        return []
    here = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return [*here, *chain.from_iterable(map(_references, node.values()))]


def test_the_kept_file_is_what_the_code_writes() -> None:
    assert FILE.read_bytes() == content(), "run `make openapi` and look at what changed"


def test_the_document_does_not_hang_on_the_order_of_sets() -> None:
    """Which is another in each process: this one has a third, after those that wrote the file and made it just now."""
    code = "import sys; from app.openapi.file import content; sys.stdout.buffer.write(content())"
    environment = os.environ | {"PYTHONHASHSEED": "1"}
    written = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
    assert written == FILE.read_bytes()


def test_the_document_is_valid_openapi() -> None:
    said: dict[str, Any] = {}

    def once(element: dict[str, Any]) -> dict[str, Any]:
        """With one object for the schemas that say the same: the validator looks at an object once."""
        if "schema" in element:
            element["schema"] = said.setdefault(json.dumps(element["schema"]), element["schema"])
        return element

    validate(json.loads(FILE.read_bytes(), object_hook=once))


def test_every_reference_in_the_document_leads_somewhere() -> None:
    for reference in set(_references(DOCUMENT)):
        _, *steps = reference.split("/")
        place: Any = DOCUMENT
        for step in steps:
            place = place[step]


def test_every_component_is_used() -> None:
    used = set(_references(DOCUMENT))
    for kind in ("schemas", "parameters", "headers"):
        assert {f"#/components/{kind}/{name}" for name in DOCUMENT["components"][kind]} <= used


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.type)
def test_a_type_has_every_interaction_and_every_search_parameter(definition: Any) -> None:
    ids = {operation["operationId"] for _, _, operation in OPERATIONS if definition.type in operation["tags"]}
    assert len(ids) == len(INTERACTIONS) + 4  # search by GET and by POST; update, patch and delete by criteria
    asked = DOCUMENT["paths"][f"/FHIR/R4/{definition.type}"]["get"]["parameters"]
    assert set(definition.by_name) <= {parameter.get("name") for parameter in asked}


def test_the_audit_trail_is_shown_with_every_parameter_it_can_be_searched_by_and_with_no_way_to_write_it() -> None:
    tagged = [(method, operation) for _, method, operation in OPERATIONS if "AuditEvent" in operation["tags"]]
    assert {operation["operationId"] for _, operation in tagged} == {
        "searchAuditEvent", "searchByPostAuditEvent", "readAuditEvent",
    }  # fmt: skip
    asked = {parameter.get("name") for _, operation in tagged for parameter in operation["parameters"]}
    page = (Path(__file__).parents[2] / "docs" / "audit.md").read_text()
    for parameter in AUDIT_EVENT.search_parameters:
        name = "agent:identifier" if parameter.name == "agent" else parameter.name
        assert name in asked
        assert f"`{name}`" in page


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("path", "method", "operation"), OPERATIONS, ids=lambda each: each if isinstance(each, str) else ""
)
def test_an_operation_tells_its_failures_and_shows_what_succeeds(path: str, method: str, operation: Any) -> None:
    answers = operation["responses"]
    assert {"400", "414", "431", "500"} <= set(answers)
    shown = [name for status, answer in answers.items() if status < "300" for name in _examples(answer)]
    assert shown
    assert len(shown) == len(set(shown))


def _examples(answer: dict[str, Any]) -> set[str]:
    holders = [*answer.get("content", {}).values(), *answer.get("headers", {}).values()]
    return {name for holder in holders for name in holder.get("examples", {})}
