"""The records that speak about the recipient and did not decide, each with why (the sharing decision, section 2).

Records that concern only other recipients are never among them.
"""

from collections.abc import Iterator
from typing import Final

from app.sharing import statement as statements
from app.sharing.answer import Considered
from app.sharing.case import Case
from app.sharing.facts import Record
from app.sharing.finding import Finding
from app.sharing.legal_basis import why_void
from app.sharing.reading import mapping
from app.sharing.restrictions import restriction
from app.sharing.statement import PARENTAL, SUBSTITUTES, Statement
from app.sharing.times import moment

_INERT: Final = {
    "draft": "asked-undecided",
    "proposed": "asked-undecided",
    "rejected": "consent-rejected",
    "inactive": "consent-withdrawn",
    "entered-in-error": "entered-in-error",
}


def considered(case: Case, finding: Finding) -> tuple[Considered, ...]:
    """What else was looked at, in the order of the records. Of somebody who is not linked nothing is said."""
    if finding.basis == "recipient-not-linked" or case.recipient.startswith("Patient/"):
        return ()
    found = {**_later(case), **_flags(case, finding), **_consents(case, finding)}
    return tuple(Considered(record, found[record]) for record in sorted(found)) if found else ()


def _consents(case: Case, finding: Finding) -> dict[str, str]:
    decided = {one.version for one in finding.statements}
    others = [
        record.current
        for record in case.now.view.consents_about(case.reach.maybe)
        if record.current is not None and record.current.is_privacy and record.current.version not in decided
    ]
    if not others:
        return {}
    own = case.reach.deny_names | case.reach.deny_groups
    return {one.version: _why(one, case, finding) for one in others if one.may_concern(own)}


def _why(one: Statement, case: Case, finding: Finding) -> str:
    if one.status != "active":
        return _INERT.get(one.status, "uninterpretable-consent")
    if one.window.low > case.at or (one.dated.low > case.at and not one.has_deny):
        return "not-yet-begun"
    if one.window.high <= case.at:
        return "consent-expired"
    if one.unreadable:
        return "uninterpretable-consent"
    return _why_in_force(one, case, finding)


def _why_in_force(one: Statement, case: Case, finding: Finding) -> str:
    voices = case.heard.family(one.basis)
    if any(no.statement is one for no in voices.noes):
        if finding.basis == "statutory-item":
            return "patient-refusal"
        return "outweighed" if finding.decision == "permit" else "not-needed"
    void = why_void(one, case.now.view, case.at)
    if void and not one.has_deny:
        return void
    if one.basis in SUBSTITUTES and not case.now.lacks_capacity:
        return "capacity-not-lacking"
    if any(yes.statement is one for yes in voices.yeses):
        if one.basis in SUBSTITUTES and case.heard.patient.noes:
            return "refusal-not-considered"
        is_parents = one.basis == PARENTAL and not case.now.is_child
        return "basis-not-evidenced" if is_parents else ("outweighed" if voices.noes else "not-needed")
    return _why_silent(one, case)


def _why_silent(one: Statement, case: Case) -> str:
    if any(voice.statement is one for voice in case.heard.overrides):
        return "basis-not-evidenced"
    unnamed = one.references.isdisjoint(case.reach.permit_names | case.reach.permit_groups)
    return "not-for-supporters" if unnamed and not one.has_deny and not case.reach.blanket else "not-this-question"


def _flags(case: Case, finding: Finding) -> dict[str, str]:
    if not case.now.restrictions or not case.recipient.startswith("RelatedPerson/"):
        return {}
    why = "outweighed" if finding.basis == "safety-override" else "restriction-elsewhere"
    return {one.version: why for one in case.restrictions if one.version not in finding.records}


def _later(case: Case) -> dict[str, str]:
    """What was recorded after the time asked about, about that time or an earlier one."""
    return dict(_recorded_later_about(case)) if case.now.view.has_later else {}


def _recorded_later_about(case: Case) -> Iterator[tuple[str, str]]:
    view = case.now.view
    own = case.reach.deny_names | case.reach.deny_groups
    for record in view.facts.consents:
        number = _recorded_later(record, view.as_of)
        if number is None or record.versions[number].content is None:
            continue
        version = record.versions[number]
        recorded = statements.first_recorded(record.versions, number)
        one = statements.statement(record.reference, version, recorded, view.directory_of_later)
        if one.is_privacy and one.may_concern(own) and one.is_dated and one.dated.low <= case.at:
            yield one.version, "recorded-later"
    for record in view.facts.flags if case.recipient.startswith("RelatedPerson/") else ():
        number = _recorded_later(record, view.as_of)
        if number is None:
            continue
        name = f"{record.reference}/_history/{record.versions[number].number}"
        flag = restriction(name, mapping(record.versions[number].content), view.directory_of_later)
        if flag and flag.restricts(case.identity.joined) and flag.period.low <= case.at:
            yield name, "recorded-later"


def _recorded_later(record: Record, as_of: int) -> int | None:
    """The place of the newest version, when it was recorded after the time asked about."""
    return len(record.versions) - 1 if moment(record.versions[-1].recorded) > as_of else None
