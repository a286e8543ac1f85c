"""What may become of a Consent that stands: decision.md 6.1, "moved back to active"."""

from typing import Any, Final

from app.fhir.definition import Rules, Transition
from app.fhir.errors import Issue
from app.fhir.search.date import span

# No decision yet: these become active with the dateTime they have, unless it is that of a decision before them, of
# which the whole history is asked where it is written.
NOT_DECIDED: Final = frozenset({"draft", "proposed"})
# A decision that ended.
ENDED: Final = frozenset({"inactive", "rejected", "entered-in-error"})


def a_renewed_decision_has_its_own_time(old: dict[str, Any], new: dict[str, Any], rules: Rules) -> list[Issue]:
    """A Consent that ended is made active again only by a decision of its own, with its own dateTime."""
    renewed = old.get("status") in ENDED and new.get("status") == "active"
    if not rules.computable_consents or not renewed or not same_time(old.get("dateTime"), new.get("dateTime")):
        return []
    return [too_old()]


def too_old() -> Issue:
    """A Consent is made active with the time of a decision that has ended."""
    text = "A Consent that ended is active again only by a new decision: set dateTime to when that was made."
    return Issue("business-rule", text, "Consent.dateTime", spine="INVALID_UPDATE")


def same_time(old: Any, new: Any) -> bool:
    """Whether two dateTimes tell one time, in whatever zone and with however many zeros each is written."""
    if not isinstance(old, str) or not isinstance(new, str):
        return bool(old == new)
    one, other = span(old), span(new)
    if one is None or other is None or "T" not in old or "T" not in new:
        return one == other
    return one[0] == other[0]


TRANSITIONS: Final[tuple[Transition, ...]] = (a_renewed_decision_has_its_own_time,)
