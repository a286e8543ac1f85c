"""What may become of a Consent that stands: decision.md 6.1, "moved back to active"."""

from typing import Any, Final

from app.fhir.definition import Rules, Transition
from app.fhir.errors import Issue
from app.fhir.search.date import span

# A decision that ended. Draft and proposed are no decision yet: they become active with the dateTime they have.
ENDED: Final = frozenset({"inactive", "rejected", "entered-in-error"})


def a_renewed_decision_has_its_own_time(old: dict[str, Any], new: dict[str, Any], rules: Rules) -> list[Issue]:
    """A Consent that ended is made active again only by a decision of its own, with its own dateTime."""
    renewed = old.get("status") in ENDED and new.get("status") == "active"
    if not rules.computable_consents or not renewed or not _same_time(old.get("dateTime"), new.get("dateTime")):
        return []
    text = "A Consent that ended is active again only by a new decision: set dateTime to when that was made."
    return [Issue("business-rule", text, "Consent.dateTime", spine="INVALID_UPDATE")]


def _same_time(old: Any, new: Any) -> bool:
    """Whether two dateTimes tell one time, in whatever zone each is written."""
    return old == new or (isinstance(old, str) and isinstance(new, str) and span(old) == span(new))


TRANSITIONS: Final[tuple[Transition, ...]] = (a_renewed_decision_has_its_own_time,)
