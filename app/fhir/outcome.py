"""The one builder of OperationOutcome: https://hl7.org/fhir/R4/operationoutcome.html"""

from collections.abc import Iterable
from typing import Any

from app.fhir.errors import Issue

SPINE_CODES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-SpineErrorOrWarningCode"


def operation_outcome(issues: Iterable[Issue]) -> dict[str, Any]:
    """An OperationOutcome with every issue, in the order given."""
    return {"resourceType": "OperationOutcome", "issue": [_issue(issue) for issue in issues]}


def all_ok(diagnostics: str) -> dict[str, Any]:
    """An OperationOutcome that says that all went well, and what was done."""
    return operation_outcome([Issue("informational", diagnostics, severity="information")])


def _issue(issue: Issue) -> dict[str, Any]:
    body: dict[str, Any] = {"severity": issue.severity, "code": issue.code}
    if issue.spine:
        body["details"] = {"coding": [{"system": SPINE_CODES, "code": issue.spine}]}
    if issue.diagnostics:
        body["diagnostics"] = issue.diagnostics
    if issue.expression:
        body["expression"] = [issue.expression]
    return body
