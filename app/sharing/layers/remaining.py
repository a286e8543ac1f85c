"""The deny that remains when nothing permits: the first of these that holds (the sharing decision, section 3)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from app.sharing.case import Case
from app.sharing.combine import Combined, is_newer
from app.sharing.counting import is_unreadable
from app.sharing.finding import Finding, remaining
from app.sharing.legal_basis import why_void
from app.sharing.provisions import match, permits_recipient
from app.sharing.statement import ADVANCE, OWN, Statement
from app.sharing.view import ConsentRecord

_RISKS: Final = frozenset({"risk-to-self", "risk-to-others"})
_ACTIVE: Final = frozenset({"active"})
_UNDECIDED: Final = frozenset({"draft", "proposed"})


def deny_that_remains(case: Case) -> Finding:
    """While capacity is lacking, whatever it is, the next step is a clinician's."""
    combined = case.combined
    found = next((deny for basis in _IN_ORDER if (deny := basis(case, combined))), None)
    return _referred(case, found or remaining("no-consent-recorded", "ask-patient"))


def said_between_services(case: Case, combined: Combined) -> Finding | None:
    """Of these denies those that speak to professionals too: the patient's refusal, a conflict, a yes that ended."""
    found = _refusal(case, combined) or _conflict(case, combined)
    if not_revived := _not_revived(combined):
        found = _ended(case, combined) or not_revived
    return _referred(case, found) if found else None


def _referred(case: Case, deny: Finding) -> Finding:
    """While capacity is lacking, the next step is a clinician's."""
    return deny._replace(next_action="refer-to-clinician") if case.now.lacks_capacity else deny


def _statutory_item(case: Case, _: Combined) -> Finding | None:
    """A nearest relative, or a nominated person whose role is in force, asks about legal status."""
    if case.scope != "legal-status":
        return None
    holders = [
        person.version
        for person in case.people
        for role in person.roles
        if (role.code == "nearest-relative" and role.is_held(case.at))
        or (role.code == "nominated-person" and role.is_in_force(case.at))
    ]
    return remaining("statutory-item", "refer-to-clinician", *holders) if holders else None


def _refusal(case: Case, combined: Combined) -> Finding | None:
    if combined.result != "patient-refusal":
        return None
    action = "confirm-with-patient" if case.scope in _RISKS else "none"
    return remaining("patient-refusal", action, statements=combined.deciding)


def _conflict(_: Case, combined: Combined) -> Finding | None:
    if combined.result != "conflicting-consents":
        return None
    return remaining("conflicting-consents", "confirm-with-patient", statements=combined.deciding)


def _not_revived(combined: Combined) -> Finding | None:
    """A refusal lapsed, and the yes is not newer."""
    if combined.result != "consent-expired":
        return None
    return remaining("consent-expired", "ask-patient", statements=combined.deciding)


def _ended(case: Case, combined: Combined) -> Finding | None:
    """The newest Consent that would permit if it were active and unbounded was withdrawn or has ended."""
    known = _would_permit(case)
    newest = max(known, key=_by_date, default=None)
    if newest is not None and newest.status == "inactive":
        return remaining("consent-withdrawn", "ask-patient", statements=[newest])
    if not_revived := _not_revived(combined):
        return not_revived
    if newest is None or not _has_ended(newest, case):
        return None
    refused_since = any(not is_newer(newest, refusal) for refusal in case.heard.patient.lapsed)
    return remaining("consent-expired", "ask-patient" if refused_since else "renew-consent", statements=[newest])


def _without_capacity(case: Case, _: Combined) -> Finding | None:
    given = [voice.statement for voice, why in case.heard.patient.void if why == "given-without-capacity"]
    return remaining("given-without-capacity", "refer-to-clinician", statements=given) if given else None


def _not_covered(case: Case, _: Combined) -> Finding | None:
    found = _permitting(case)
    return remaining("not-covered", "ask-patient", statements=found) if found else None


def _permitting(case: Case) -> Sequence[Statement]:
    """The Consents that permit the recipient something: the same whatever is asked, and so looked for once."""
    known = case.now.permitting
    if case.recipient not in known:
        about = case.now.view.consents_about(case.reach.maybe)
        own = (one for one in _own(case, about, _ACTIVE) if one.window.high > case.at)
        known[case.recipient] = [one for one in own if _permits_something(one, case)]
    return known[case.recipient]


def _undecided(case: Case, _: Combined) -> Finding | None:
    found = [
        record.current
        for record in case.now.view.consents_about(case.reach.maybe)
        if record.current is not None
        and record.current.is_privacy
        and record.current.status in _UNDECIDED
        and not record.current.references.isdisjoint(case.reach.permit_names)
    ]
    newest = max(found, key=_by_date, default=None)
    return remaining("asked-undecided", "ask-patient", statements=[newest]) if newest else None


_IN_ORDER: Final[Sequence[Callable[[Case, Combined], Finding | None]]] = (
    _statutory_item,
    _refusal,
    _conflict,
    _ended,
    _without_capacity,
    _not_covered,
    _undecided,
)


def _own(case: Case, records: Iterable[ConsentRecord], statuses: frozenset[str]) -> list[Statement]:
    """Of these Consents the patient's own of that status that can be read and whose permits count.

    An advance statement is one of them, only while capacity is lacking.
    """
    bases = (OWN, ADVANCE) if case.now.lacks_capacity else (OWN,)
    return [
        record.current
        for record in records
        if record.current is not None
        and record.current.status in statuses
        and record.current.is_privacy
        and record.current.basis in bases
        and not is_unreadable(record.current, case.asked)
        and not why_void(record.current, case.now.view, case.at)
    ]


def _would_permit(case: Case) -> list[Statement]:
    speaking = case.now.view.consents_on(case.reach.maybe, case.scope, case.resource)
    return [
        one
        for one in _own(case, speaking, _ACTIVE | {"inactive"})
        if one.dated.low <= case.at
        and one.root is not None
        and (found := match(one.root, case.asked, None)) is not None
        and found.permits
    ]


def _by_date(one: Statement) -> tuple[int, bool, int, str]:
    return one.dated.low, one.status == "inactive", one.dated.high, one.version


def _has_ended(one: Statement, case: Case) -> bool:
    """Whether an active Consent permitted what is asked at some time before, and no longer does."""
    if one.root is None or match(one.root, case.asked, case.at) is not None:
        return False
    moments = (moment for moment in one.moments if moment <= case.at)
    return any((found := match(one.root, case.asked, moment)) is not None and found.permits for moment in moments)


def _permits_something(one: Statement, case: Case) -> bool:
    return one.root is not None and permits_recipient(one.root, case.asked, case.at)
