"""resource-not-found and scope-unknown: what somebody wants to share (the sharing decision, sections 1 and 3)."""

from app.sharing.case import Case
from app.sharing.finding import Finding, absolute


def named_resources(case: Case) -> Finding | None:
    """A named resource that is unknown, deleted or another patient's: the same for all three. Or of no known scope."""
    named = case.now.question.resources
    if not named:
        return None
    known = case.now.view.resources
    if any(reference not in known for reference in named):
        return absolute("resource-not-found")
    return absolute("scope-unknown") if any(not known[reference].scopes for reference in named) else None
