"""Whether a Consent on a named legal basis has the evidence for it (the sharing decision, section 4).

Without it the Consent permits nothing; what it denies still bites. Evidence is judged again at each check, since roles
end and a patient turns sixteen.
"""

from collections.abc import Iterable
from typing import Final

from app.sharing.actors import Actors
from app.sharing.provisions import levels
from app.sharing.roles import Role
from app.sharing.statement import PARENTAL, Statement
from app.sharing.times import DAY, FOREVER, Span, span
from app.sharing.view import View

_HOLDERS: Final = {"attorney": "lpa-health-welfare", "deputy": "deputy-welfare", PARENTAL: "parental-responsibility"}


def why_void(one: Statement, view: View, at: int) -> str:
    """Why the permits of this Consent count for nothing at this time; '' when they count."""
    if one.void:
        return one.void
    match one.basis:
        case "own" | "advance-statement" if was_without_capacity(one, view):
            return "given-without-capacity"
        case "own":
            return "competence-not-confirmed" if at < view.competent_from and not one.competent else ""
        case "best-interest":
            return "" if _is_best_interest(one, view) else "basis-not-evidenced"
        case "attorney" | "deputy" | "parental-responsibility":
            return "" if _has_holder(one, view, at) else "basis-not-evidenced"
        case _:
            return ""


def was_without_capacity(one: Statement, view: View) -> bool:
    """Whether capacity may have been lacking when this was decided."""
    return bool(view.incapacities) and any(flag.perhaps.meets(one.dated) for flag in view.incapacities)


def _is_best_interest(one: Statement, view: View) -> bool:
    """Decided by a professional, for named recipients and scopes, and for no longer than the days allowed."""
    if one.root is None or not one.performers or not all(_is_professional(performer) for performer in one.performers):
        return False
    named = all(
        _names_people(level.recipients) and level.scoping is not None and bool(level.scoping.scopes)
        for level in levels(one.root)
        if level.permits
    )
    return (
        named and one.window.high < FOREVER and one.window.high <= one.dated.high + view.policy.best_interest_days * DAY
    )


def _names_people(recipients: Actors | None) -> bool:
    """Supporters, each by name: a team is not one."""
    if recipients is None or recipients.unresolved:
        return False
    return all(reference.startswith("RelatedPerson/") for reference in recipients.references)


def _is_professional(performer: str) -> bool:
    return performer.startswith(("Practitioner/", "PractitionerRole/"))


def _has_holder(one: Statement, view: View, at: int) -> bool:
    """Whether all who decided hold the role, when they decided and now."""
    if one.basis == PARENTAL and at >= view.competent_from:
        return False
    return bool(one.performers) and all(_holds(performer, one, view, at) for performer in one.performers)


def _holds(performer: str, one: Statement, view: View, at: int) -> bool:
    group = [view.people[ref] for ref in view.identity(performer).surely if ref in view.people]
    if not any(person.linked is not None and person.linked.holds(at) for person in group):
        return False
    wanted = _HOLDERS[one.basis]
    held = (role for person in group for role in person.roles if role.code == wanted)
    return any(_is_in_force(role, one.dated, at, parental=one.basis == PARENTAL) for role in held)


def _is_in_force(role: Role, dated: Span, at: int, *, parental: bool) -> bool:
    """An attorney or deputy is verified and has a period that says when; a parent needs neither, and is in force."""
    if parental:
        return role.is_in_force(at, blank=True) and role.is_held_during(dated)
    return role.verified and role.period is not None and role.is_held(at) and role.is_held_during(dated)


def review_due(statements: Iterable[Statement]) -> str:
    """The earliest next review of these Consents, as it was recorded; '' when none has one."""
    known = [(found, one.review) for one in statements if one.review and (found := span(one.review))]
    return min(known)[1] if known else ""
