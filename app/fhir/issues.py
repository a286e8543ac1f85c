"""The issues that validation reports: one way to make each, so that like faults read alike.

https://hl7.org/fhir/R4/valueset-issue-type.html
"""

from dataclasses import replace

from app.fhir.errors import Issue


def missing(expression: str, why: str = "is required") -> Issue:
    """An element that must be there and is not; `expression` is where it should be."""
    return Issue("required", f"{expression} {why}.", expression, spine="MISSING_VALUE")


def unknown(expression: str, diagnostics: str) -> Issue:
    """A property that the type does not have."""
    return Issue("structure", diagnostics, expression, spine="ADDITIONAL_PROPERTIES")


def shape(expression: str, diagnostics: str) -> Issue:
    """JSON of the wrong shape: an object for an array, a null, an empty array."""
    return Issue("structure", diagnostics, expression, spine="INVALID_VALUE")


def value(expression: str, diagnostics: str, spine: str = "INVALID_VALUE") -> Issue:
    """A value that its element cannot have."""
    return Issue("value", diagnostics, expression, spine=spine)


def broken(expression: str, key: str, diagnostics: str) -> Issue:
    """An invariant of FHIR that does not hold; `expression` is the element that owns it."""
    return Issue("invariant", f"{key}: {diagnostics}", expression, spine="VALIDATION_ERROR")


def warning(issue: Issue) -> Issue:
    """The same, as something that does not refuse."""
    return replace(issue, severity="warning")


def rule(expression: str, diagnostics: str) -> Issue:
    """A rule of this service, beyond those of FHIR."""
    return Issue("business-rule", diagnostics, expression, spine="VALIDATION_ERROR")
