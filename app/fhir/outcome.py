"""The one builder of OperationOutcome: https://hl7.org/fhir/R4/operationoutcome.html"""

from collections.abc import Iterable
from typing import Any, Final

from app.fhir.errors import Issue

SPINE_CODES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-SpineErrorOrWarningCode"
# Nobody reads more, and a megabyte of mistakes is answered with ten megabytes otherwise.
MOST: Final = 1_000


def operation_outcome(issues: Iterable[Issue]) -> dict[str, Any]:
    """An OperationOutcome with every issue, in the order given; of thousands the first, and how many more there are."""
    found = list(issues)
    if len(found) > MOST:
        more = f"{len(found) - MOST} more are not told: mend these first."
        found = [*found[:MOST], Issue("incomplete", more, severity=found[0].severity)]
    return {"resourceType": "OperationOutcome", "issue": [_issue(issue) for issue in found]}


def all_ok(diagnostics: str) -> dict[str, Any]:
    """An OperationOutcome that says that all went well, and what was done."""
    return operation_outcome([Issue("informational", diagnostics, severity="information")])


def written(version: str, *, kept: bool) -> dict[str, Any]:
    """What is said of a write that went well, by the name of the version that stands; `kept` when it stood before."""
    return all_ok(f"{version} stands: nothing was stored." if kept else f"Stored as {version}.")


def _issue(issue: Issue) -> dict[str, Any]:
    body: dict[str, Any] = {"severity": issue.severity, "code": issue.code}
    if issue.spine:
        body["details"] = {"coding": [{"system": SPINE_CODES, "code": issue.spine}]}
    if issue.diagnostics:
        body["diagnostics"] = issue.diagnostics
    if issue.expression:
        body["expression"] = [issue.expression]
    return body
