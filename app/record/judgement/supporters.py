"""RelatedPersons: whether one is, or may be, somebody who must not be told, and what of that changes (section 5)."""

from typing import Any, Final

from app.fhir import issues
from app.fhir.errors import Issue
from app.fhir.own_extensions import own
from app.record.judgement.judged import Judged, Judgement, Members
from app.sharing.teams import that_ever_listed
from app.sharing.view import View

# What tells one human from another.
_TELLING: Final = ("name", "birthDate", "identifier")


def judge(judged: Judged) -> Judgement:
    """What the record says to a supporter being written."""
    found = Judgement(ends=_ends(judged))
    one = judged.view.people.get(judged.reference)
    perhaps = judged.view.identity(judged.reference).perhaps if one else frozenset()
    if _is_protected_from(perhaps, judged.view, judged.at):
        found.warnings.append(_warning())
    return found


def _ends(judged: Judged) -> str:
    old, new = judged.old or {}, judged.new
    if any(item not in own(old, "different-person") for item in own(new, "different-person")):
        return "Two people are said to be different"
    if judged.old is None or not _is_changed(old, new):
        return ""
    who = judged.before.identity(judged.reference)
    if _is_protected_from(who.joined | who.perhaps, judged.before, judged.at):
        return "The name, birth date, identifier or same-person of somebody who may not be told is changed"
    return ""


def _is_changed(old: Members, new: Members) -> bool:
    told: list[tuple[Any, Any]] = [(old.get(name), new.get(name)) for name in _TELLING]
    return any(before != after for before, after in told) or own(old, "same-person") != own(new, "same-person")


def _is_protected_from(people: frozenset[str], view: View, at: int) -> bool:
    """Whether one of these is restricted, or refused by name, now or later."""
    if not people:
        return False
    if any(one.restricts(people) for one in view.restrictions if one.period.high > at):
        return True
    named = people | that_ever_listed(people, view.teams)
    refusals = (record.current for record in view.consents if record.current and record.current.has_deny)
    return any(
        one.is_privacy and one.status == "active" and one.window.high > at and not one.references.isdisjoint(named)
        for one in refusals
    )


def _warning() -> Issue:
    text = (
        "This may be somebody who must not be contacted or told. If it is the same person, say so with the extension "
        "same-person; until it is known, nothing may be told to this person."
    )
    return issues.warning(issues.rule("RelatedPerson.name", text))
