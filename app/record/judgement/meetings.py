"""Invitations of supporters to meetings: whether they were permitted then. They are stored anyway."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from app.fhir import issues
from app.fhir.canonical import extension
from app.fhir.errors import Issue
from app.involvement.asked import answers_at
from app.involvement.contact import supporters
from app.involvement.contained import uncontained
from app.involvement.invitations import SCOPE, Invited, invited, invites, is_denied
from app.record.judgement.judged import Judged, Judgement, Members
from app.sharing.answer import Answer
from app.sharing.reading import extension_value
from app.sharing.times import instant, span

# What is known at one time is read once for all who were invited then.
_MOST_TIMES: Final = 20
_TOO_MANY: Final = (
    f"Those named here were invited at more than {_MOST_TIMES} different times: whether this invitation was permitted "
    "was not looked at. It is stored as what happened."
)


def needs_judgement(old: Members | None, new: Members) -> bool:
    """Whether a supporter is invited who was not."""
    if not invites(new):
        return False
    before = {_name(each) for each in _people(old or {})}
    return any(_name(each) not in before for each in _people(new))


def judge(judged: Judged) -> Judgement:
    """A warning for each supporter who was not to be invited when it was done."""
    found = Judgement()
    before = {one.supporter for one in _invited(judged.old, judged)} if judged.old else set()
    new = [(one, _invited_at(one, judged)) for one in _invited(judged.new, judged) if one.supporter not in before]
    answers = _answers(judged, new)
    for one, at in new:
        answer = answers.get((one.supporter, at))
        if answer is None:
            found.warnings.append(issues.warning(issues.rule(one.path, _TOO_MANY)))
        elif is_denied(judged.new, answer):
            found.warnings.append(warning(answer, one.path))
    return found


def _answers(judged: Judged, new: Iterable[tuple[Invited, datetime]]) -> dict[tuple[str, datetime], Answer]:
    """The answers about each invitation, by supporter and time; of more different times than anybody has, the first."""
    by_time: dict[datetime, list[str]] = {}
    for one, at in new:
        by_time.setdefault(at, []).append(one.supporter)
    now = max(judged.rules.now, judged.recorded)
    return {
        (supporter, at): answer
        for at in [*by_time][:_MOST_TIMES]
        for supporter, answer in answers_at(judged.facts, by_time[at], SCOPE, at, now).items()
    }


def warning(answer: Answer, expression: str) -> Issue:
    """That an invitation was denied by this answer; what is stored is not refused for it."""
    text = (
        f"This person was not to be invited (meetings: {answer.basis}). {answer.reason} It is stored as what happened. "
        f"Still allowed: {', '.join(answer.still_allowed)}."
    )
    return issues.warning(issues.rule(expression, text))


def _invited(resource: Members, judged: Judged) -> Iterator[Invited]:
    """Those invited whom the writer may know, as the writer knows them."""
    for one in invited(resource, judged.view.directory):
        known = judged.known(one.supporter)
        if known:
            yield replace(one, supporter=known)


def _invited_at(one: Invited, judged: Judged) -> datetime:
    """When the invitation was made: as it says; of a new record when that says it was made; else now."""
    said: Any = extension_value(one.element, extension("invited"), "valueDateTime")
    if said is None and judged.old is None:
        said = judged.new.get("created", judged.new.get("authoredOn"))
    time = span(said)
    return (instant(min(time.high - 1, judged.at)) if time else None) or judged.rules.now


def _people(resource: Members) -> tuple[Any, ...]:
    named = uncontained(resource)
    if resource.get("resourceType") == "Appointment":
        return supporters(each.get("actor") for each in named.get("participant", ()))
    return supporters(named.get("recipient"))


def _name(reference: Any) -> tuple[str, str, str]:
    identifier = reference.get("identifier", {})
    return reference.get("reference", ""), identifier.get("system", ""), identifier.get("value", "")
