"""Where in a Bundle a fault is: the expressions of one entry's issues, as seen from the Bundle."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from app.fhir.errors import FhirError, Issue

_ROOT = re.compile(r"[A-Z][A-Za-z]*")


def place(index: int) -> str:
    """The expression of an entry."""
    return f"Bundle.entry[{index}]"


def placed(issues: Iterable[Issue], at: str) -> tuple[Issue, ...]:
    """Issues about an entry, or its resource, whose expressions begin at the entry `at`."""
    return tuple(replace(issue, expression=within(issue.expression, at)) for issue in issues)


def about(issues: Iterable[Issue], expression: str) -> tuple[Issue, ...]:
    """Issues that are all about one element."""
    return tuple(replace(issue, expression=expression) for issue in issues)


@contextmanager
def named(at: str) -> Iterator[None]:
    """Around what is done for the entry `at` ("": not of a Bundle): a refusal says that it is about this entry."""
    try:
        yield
    except FhirError as refusal:
        if at:
            refusal.issues = placed(refusal.issues, at)
        raise


def within(expression: str, at: str) -> str:
    """CarePlan.status as Bundle.entry[3].resource.status; what begins at the Bundle stays."""
    if expression.startswith("Bundle.entry"):
        return expression
    if not expression:
        return at
    return f"{at}.resource{_ROOT.sub('', expression, count=1)}"
