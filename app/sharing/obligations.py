"""What comes with an answer: obligations, what is still allowed, the next action, the review (sections 2 to 5)."""

from collections.abc import Collection
from typing import Final

from app.sharing.case import Case
from app.sharing.finding import Finding
from app.sharing.layers.open_to_all import restrictions_on
from app.sharing.restrictions import NO_WHEREABOUTS
from app.sharing.times import span
from app.sharing.vocabulary import STILL_ALLOWED

_WITHOUT_AGE: Final = frozenset({"own-record", "listening", "general-information"})
_WHEN_THEY_CALL: Final = ("listen", "general-information")


def obligations(case: Case, finding: Finding) -> Collection[str]:
    """What must be done or left undone: that of the layer, and what the circumstances add."""
    if finding.decision == "deny":
        return finding.obligations | ({"do-not-confirm-patient"} if _is_limited(case, finding) else frozenset())
    found = set(finding.obligations)
    view = case.now.view
    if view.is_age_unknown and not case.now.is_child and finding.basis not in _WITHOUT_AGE:
        found.add("confirm-age")
    if finding.basis not in _WITHOUT_AGE and case.resource is None and case.heard.check_each_record:
        found.add("check-each-record")
    if case.now.restrictions and _is_supporter(case):
        if any(NO_WHEREABOUTS in one.codes for one in restrictions_on(case)):
            found.add("no-whereabouts")
        if _shares_contact_details(case):
            found.add("shared-contact-details")
    return found


def still_allowed(case: Case, finding: Finding) -> tuple[str, ...]:
    """What may be done although the answer is a deny; under a contact restriction only when that person calls."""
    if finding.decision == "permit":
        return ()
    return _WHEN_THEY_CALL if _is_limited(case, finding) else STILL_ALLOWED.codes


def _is_limited(case: Case, deny: Finding) -> bool:
    """Whether a contact restriction is in force on the recipient, somebody who may be the recipient, or in the team."""
    return deny.basis == "contact-restricted" or (_is_supporter(case) and bool(restrictions_on(case)))


def next_action(case: Case, finding: Finding, review_due: str) -> str:
    """That of the layer; a permit past its review date asks for a review."""
    if finding.decision == "deny" or finding.next_action != "none":
        return finding.next_action
    due = span(review_due)
    return "review-consent" if due is not None and due.high <= case.at else "none"


def _is_supporter(case: Case) -> bool:
    return case.recipient.startswith("RelatedPerson/")


def _shares_contact_details(case: Case) -> bool:
    """Whether a telephone, e-mail or address is also that of somebody restricted, who is another person."""
    if not case.now.restrictions:
        return False
    own = frozenset().union(*(person.traits.contacts for person in case.people))
    return any(
        not own.isdisjoint(person.traits.contacts)
        and case.now.restrictions_on(case.now.view.identity(reference).joined)
        for reference, person in case.now.view.people.items()
        if reference not in case.identity.joined
    )
