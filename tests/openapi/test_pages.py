"""Each interaction has a page in docs/ that tells every status of its answers, as the OpenAPI document does."""

import re
from pathlib import Path

import pytest

from tests.openapi.kept import DOCUMENT

PATHS = DOCUMENT["paths"]
DOCS = Path(__file__).parents[2] / "docs"
ROW = re.compile(r"^\| (\d{3}(?:, \d{3})*) \|", re.MULTILINE)
TYPE, ONE, HISTORY = "/FHIR/R4/CarePlan", "/FHIR/R4/CarePlan/{id}", "/FHIR/R4/CarePlan/{id}/_history"
# What any request may be answered with is told once, in interactions.md.
ANYWHERE = {401, 403, 406, 408, 413, 414, 415, 429, 431, 500, 503}
PAGES = {
    "create": [(TYPE, "post")],
    "read": [(ONE, "get"), (f"{HISTORY}/{{vid}}", "get")],
    "update": [(ONE, "put")],
    "patch": [(ONE, "patch")],
    "delete": [(ONE, "delete")],
    "history": [(HISTORY, "get"), ("/FHIR/R4/CarePlan/_history", "get"), ("/FHIR/R4/_history", "get")],
    "search": [(TYPE, "get"), (f"{TYPE}/_search", "post"), ("/FHIR/R4/Patient/{id}/{member}", "get")],
    "conditional": [(TYPE, "post"), (TYPE, "put"), (TYPE, "patch"), (TYPE, "delete")],
    "transaction": [("/FHIR/R4", "post")],
    "everything": [("/FHIR/R4/Patient/{id}/$everything", "get"), ("/FHIR/R4/Patient/{id}/$everything", "post")],
    "validate": [("/FHIR/R4/{type}/$validate", "post"), ("/FHIR/R4/{type}/{id}/$validate", "get")],
}


def told(page: str) -> set[int]:
    return {int(status) for row in ROW.findall((DOCS / f"{page}.md").read_text()) for status in row.split(", ")}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_tells_the_statuses_of_its_interaction(page: str) -> None:
    answered = {int(status) for path, method in PAGES[page] for status in PATHS[path][method]["responses"]}
    assert told(page) - ANYWHERE == answered - ANYWHERE


def test_what_anything_may_be_answered_with_is_told_once_for_all() -> None:
    statuses = {
        int(status)
        for item in PATHS.values()
        for operation in item.values()
        if isinstance(operation, dict)
        for status in operation.get("responses", ())
    }
    assert {status for status in statuses if status >= 400} <= told("interactions")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_linked_from_the_table_of_interactions(page: str) -> None:
    assert f"({page}.md)" in (DOCS / "interactions.md").read_text()
