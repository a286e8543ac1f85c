"""The answer of a check (the sharing decision, section 2)."""

from datetime import datetime
from typing import Literal, NamedTuple

EDITION = "1"
Decision = Literal["permit", "deny"]


class Considered(NamedTuple):
    """A record that speaks about the recipient and did not decide, and why ("consent-withdrawn", "recorded-later" ...).

    `record` is a versioned reference ("Consent/a/_history/2").
    """

    record: str
    why: str


class Answer(NamedTuple):
    """One answer for one recipient and scope. Both are '' where the page says that an answer has none.

    `basis` is a decision-basis code, `based_on` versioned references, `obligations`, `still_allowed` and
    `next_action` codes. `review_due` is the FHIR dateTime of the earliest next review as recorded, '' when there is
    none; `valid_until` the first second at which the same records would decide differently, None when nothing
    known changes it.
    """

    recipient: str
    scope: str
    decision: Decision
    basis: str
    reason: str
    based_on: tuple[str, ...] = ()
    considered: tuple[Considered, ...] = ()
    obligations: tuple[str, ...] = ()
    still_allowed: tuple[str, ...] = ()
    next_action: str = "none"
    overridable: bool = False
    review_due: str = ""
    valid_until: datetime | None = None
