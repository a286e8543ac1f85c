"""What each contact outcome is in FHIR's own words: Communication.status, and the reason where nothing was said.

https://hl7.org/fhir/R4/valueset-event-status.html, https://hl7.org/fhir/R4/valueset-communication-not-done-reason.html
"""

from dataclasses import dataclass
from typing import Final

NOT_DONE_REASON: Final = "http://terminology.hl7.org/CodeSystem/communication-not-done-reason"


@dataclass(frozen=True, slots=True)
class Standing:
    """The statuses that agree with an outcome, the first of them written; and FHIR's reason, '' where it has none."""

    statuses: tuple[str, ...]
    reason: str = ""

    @property
    def status(self) -> str:
        return self.statuses[0]


_DONE: Final = Standing(("completed",))
_UNREACHED: Final = Standing(("not-done",), "recipient-unavailable")
_WRONG: Final = Standing(("not-done",), "invalid-phone-number")
_NOT_DONE: Final = Standing(("not-done",))

STANDING: Final = {
    "spoke": _DONE,
    "message-left": _DONE,
    "text-or-letter-sent": _DONE,
    "in-person": _DONE,
    "no-answer": _UNREACHED,
    "wrong-number": _WRONG,
    "unobtainable": _WRONG,
    "call-back-requested": Standing(("in-progress", "stopped")),
    "answered-by-other": _UNREACHED,
    "declined-by-supporter": Standing(("not-done",), "family-objection"),
    "needs-interpreter": _NOT_DONE,
    "not-tried-patient-refused": Standing(("not-done",), "patient-objection"),
    "not-tried-safeguarding": _NOT_DONE,
    "no-details": _NOT_DONE,
    "nobody-identified": _NOT_DONE,
}
