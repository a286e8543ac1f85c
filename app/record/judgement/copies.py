"""Copies of a plan that were given to supporters: whether they might have one then. They are stored anyway.

Who holds a copy is a Communication of category plan-copy, about the CarePlan (docs/plans.md).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from app.fhir import issues
from app.fhir.errors import Issue
from app.fhir.own_codes import own_codes
from app.fhir.references import target
from app.fhir.vocabulary.contacts import COMMUNICATION_CATEGORY
from app.fhir.vocabulary.media import PARTICIPATION_MODE, SPOKEN
from app.fhir.vocabulary.plans import CARE_PLAN_CATEGORY
from app.involvement.asked import answers_at
from app.record.judgement.judged import Judged, Members
from app.sharing.answer import Answer
from app.sharing.reading import codes, objects, text
from app.sharing.resources import resource

# What is no more than a plan is a care plan.
_CARE_PLAN: Final = frozenset({"care-plan"})
_NOT_GIVEN: Final = frozenset({"preparation", "not-done", "entered-in-error"})
_VERBAL_ONLY: Final = "verbal-only"


def is_copy(communication: Members) -> bool:
    """Whether a copy of a plan was handed over."""
    categories = own_codes(communication.get("category"), COMMUNICATION_CATEGORY)
    return "plan-copy" in categories and communication.get("status") not in _NOT_GIVEN


def plans_named(communication: Members, bases: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the CarePlans of which a copy was handed over, in order."""
    if not is_copy(communication):
        return ()
    named = (target(text(each.get("reference")), bases) for each in objects(communication.get("about")))
    return tuple(sorted({one.id for one in named if one and one.type == "CarePlan"}))


def warnings(judged: Judged, people: Mapping[int, str], at: datetime, now: datetime) -> Iterator[Issue]:
    """A warning for each supporter (by place among the recipients) who was not to have a copy at that time.

    What somebody agreed to hear by word of mouth alone is not to be handed over in writing.
    """
    found = [(scope, answers_at(judged.facts, people.values(), scope, at, now)) for scope in sorted(_scopes(judged))]
    for index, supporter in people.items():
        for scope, answers in found:
            why = _why(judged.new, answers[supporter])
            if why:
                yield _warning(scope, why, answers[supporter], f"Communication.recipient[{index}]")
                break


def _scopes(judged: Judged) -> frozenset[str]:
    """What the plans are about. A plan for a supporter's own support is theirs, whatever the patient agreed to."""
    plans = _plans(judged)
    shared = [plan for plan in plans if "carer-support" not in own_codes(plan.get("category"), CARE_PLAN_CATEGORY)]
    if plans and not shared:
        return frozenset()
    directory, ordinary = judged.view.directory, judged.facts.policy.ordinary_labels
    read = (resource("CarePlan/", "", plan, directory, ordinary).scopes or _CARE_PLAN for plan in shared)
    return frozenset().union(*read) or _CARE_PLAN


def _plans(judged: Judged) -> list[Members]:
    """Those of the plans that are stored, are this patient's, and that the caller may see."""
    facts = judged.facts
    last = [
        record.versions[-1].content
        for record in facts.resources
        if facts.resource_patients.get(record.reference) == facts.patient_key and record.reference not in facts.unseen
    ]
    return [dict(content) for content in last if content is not None]


def _why(communication: Members, answer: Answer) -> str:
    """The basis on which there was to be no copy, '' when there might be one."""
    if answer.decision == "deny":
        return answer.basis
    return _VERBAL_ONLY if _VERBAL_ONLY in answer.obligations and not _is_spoken(communication) else ""


def _is_spoken(communication: Members) -> bool:
    media = {code for one in objects(communication.get("medium")) for code in codes(one)}
    return bool(media) and media <= {(PARTICIPATION_MODE, code) for code in SPOKEN}


def _warning(scope: str, why: str, answer: Answer, expression: str) -> Issue:
    said = "The patient agreed to word of mouth alone." if why == _VERBAL_ONLY else answer.reason
    allowed = f" Still allowed: {', '.join(answer.still_allowed)}." if answer.still_allowed else ""
    after = "" if answer.next_action == "none" else f" Next: {answer.next_action}."
    text_ = f"At that time this person was not to have a copy ({scope}: {why}). {said} It is stored as what happened."
    return issues.warning(issues.rule(expression, f"{text_}{allowed}{after}"))
