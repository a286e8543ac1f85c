"""Invitations of supporters to meetings: whether they were permitted then. They are stored anyway."""

from datetime import datetime
from typing import Any

from app.fhir import issues
from app.fhir.canonical import extension
from app.fhir.errors import Issue
from app.involvement.contact import supporters
from app.involvement.invitations import Invited, denied, invited, invites
from app.record.judgement.judged import Judged, Judgement, Members
from app.sharing.answer import Answer
from app.sharing.reading import extension_value
from app.sharing.times import instant, span


def needs_judgement(old: Members | None, new: Members) -> bool:
    """Whether a supporter is invited who was not."""
    if not invites(new):
        return False
    before = {_name(each) for each in _people(old or {})}
    return any(_name(each) not in before for each in _people(new))


def judge(judged: Judged) -> Judgement:
    """A warning for each supporter who was not to be invited when it was done."""
    found = Judgement()
    directory, now = judged.view.directory, max(judged.rules.now, judged.recorded)
    before = {one.supporter for one in invited(judged.old, directory)} if judged.old else set()
    for one in invited(judged.new, directory):
        if one.supporter not in before:
            answer = denied(judged.facts, judged.new, one.supporter, _invited_at(one, judged), now)
            if answer:
                found.warnings.append(warning(answer, one.path))
    return found


def warning(answer: Answer, expression: str) -> Issue:
    """That an invitation was denied by this answer; what is stored is not refused for it."""
    text = (
        f"This person was not to be invited (meetings: {answer.basis}). {answer.reason} It is stored as what happened. "
        f"Still allowed: {', '.join(answer.still_allowed)}."
    )
    return issues.warning(issues.rule(expression, text))


def _invited_at(one: Invited, judged: Judged) -> datetime:
    """When the invitation was made: as it says; of a new record when that says it was made; else now."""
    said: Any = extension_value(one.element, extension("invited"), "valueDateTime")
    if said is None and judged.old is None:
        said = judged.new.get("created", judged.new.get("authoredOn"))
    time = span(said)
    return (instant(min(time.high - 1, judged.at)) if time else None) or judged.rules.now


def _people(resource: Members) -> tuple[Any, ...]:
    if resource.get("resourceType") == "Appointment":
        return supporters(each.get("actor") for each in resource.get("participant", ()))
    return supporters(resource.get("recipient"))


def _name(reference: Any) -> tuple[str, str, str]:
    identifier = reference.get("identifier", {})
    return reference.get("reference", ""), identifier.get("system", ""), identifier.get("value", "")
