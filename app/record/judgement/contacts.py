"""Communications by which the team reached out to a supporter: whether that was permitted then. It is stored anyway."""

from datetime import datetime
from typing import Final

from app.fhir import issues
from app.fhir.errors import Issue
from app.involvement.asked import answers_at
from app.involvement.contact import is_contact, is_outbound, supporters
from app.involvement.contained import uncontained
from app.record.judgement import copies
from app.record.judgement.judged import Judged, Judgement, Members
from app.sharing.answer import Answer
from app.sharing.times import instant, span

_RESTRICTED: Final = "contact-restricted"


def needs_judgement(new: Members) -> bool:
    """Whether the team reached out to a supporter."""
    return is_outbound(new) and bool(supporters(uncontained(new).get("recipient")))


def judge(judged: Judged) -> Judgement:
    """A warning for each supporter who was not to be contacted at that time."""
    found = Judgement()
    named = [judged.view.directory.find(element) for element in uncontained(judged.new).get("recipient", ())]
    people = {
        index: known
        for index, who in enumerate(named)
        if who.type == "RelatedPerson" and who.reference and (known := judged.known(who.reference))
    }
    now, sent = max(judged.rules.now, judged.recorded), _sent(judged)
    answers = answers_at(judged.facts, people.values(), "make-contact", sent, now)
    denied = {
        index
        for index, supporter in people.items()
        if answers[supporter].decision == "deny" and (is_contact(judged.new) or answers[supporter].basis == _RESTRICTED)
    }
    found.warnings += [warning(answers[people[index]], f"Communication.recipient[{index}]") for index in sorted(denied)]
    if copies.is_copy(judged.new):
        others = {index: supporter for index, supporter in people.items() if index not in denied}
        found.warnings += copies.warnings(judged, others, sent, now)
    return found


def _sent(judged: Judged) -> datetime:
    """When it was; of a whole day its end, for most decisions of a day are made before it is over."""
    sent = span(judged.new.get("sent"))
    return (instant(min(sent.high - 1, judged.at)) if sent else None) or judged.rules.now


def warning(answer: Answer, expression: str) -> Issue:
    """That a contact was denied by this answer; what is stored is not refused for it."""
    allowed = ", ".join(answer.still_allowed)
    after = "" if answer.next_action == "none" else f" Next: {answer.next_action}."
    text = (
        f"At that time the team was not to contact this person (make-contact: {answer.basis}). {answer.reason} It is "
        f"stored as what happened. Still allowed: {allowed}.{after}"
    )
    return issues.warning(issues.rule(expression, text))
