"""The sharing decision: may these recipients be told this, at that time? Edition 1, sections 1 to 3.

The layers stand in order in `settle`. Everything here is a function of the facts, the question and the time of asking.
"""

from collections.abc import Sequence
from datetime import datetime

from app.sharing.answer import Answer
from app.sharing.case import Case
from app.sharing.circumstances import Circumstances
from app.sharing.considered import considered
from app.sharing.facts import Facts
from app.sharing.finding import Finding
from app.sharing.findings import recipient_findings
from app.sharing.layers.open_to_all import open_to_all, restrictions_on
from app.sharing.legal_basis import review_due
from app.sharing.obligations import next_action, obligations, still_allowed
from app.sharing.question import Question
from app.sharing.reasons import reason
from app.sharing.settle import is_linked, settle
from app.sharing.times import instant, moment
from app.sharing.valid_until import Future
from app.sharing.view import View
from app.sharing.vocabulary import OBLIGATION, SCOPES, SHARING_SCOPE


def decide(facts: Facts, question: Question, now: datetime) -> tuple[Answer, ...]:
    """One answer for each recipient and scope: recipients as asked (by default by id), scopes in their order.

    `now` is the time of asking: a question about the past is answered from the records as they stood then, one about
    the future from those of now. Nothing is raised, whatever the records hold.
    """
    return decide_on(seen(facts, question, now), question)


def seen(facts: Facts, question: Question, now: datetime) -> View:
    """The records that a question is answered from, to be shared by several questions about the same time.

    Of facts that nothing was recorded after, all questions about the present see the same, whenever they are asked.
    """
    as_of = moment(min(question.at, now))
    if as_of < moment(facts.newest):
        return View(facts, as_of)
    if facts.read and not facts.read[0].is_full:
        return facts.read[0]
    facts.read[:] = [View(facts, as_of)]
    return facts.read[0]


def decide_on(view: View, question: Question, *, until: bool = True) -> tuple[Answer, ...]:
    """As `decide`, on records already read. Without `until` no answer says how long it stays what it is."""
    circumstances = Circumstances(view, question, moment(question.at))
    if question.action == "listen" or question.content == "general":
        return _open_to_all(circumstances)
    scopes = _scopes(circumstances)
    may_change = until and circumstances.at < view.boundaries.last
    future = Future(view, question, circumstances.at) if may_change else None
    answers: list[Answer] = []
    for recipient in _recipients(circumstances):
        answers += _answers(circumstances, recipient, scopes, future)
    return tuple(answers)


def _answers(now: Circumstances, recipient: str, scopes: Sequence[str], future: Future | None) -> list[Answer]:
    findings = recipient_findings(now, recipient, scopes)
    changes = future.changes(findings) if future else [None] * len(scopes)
    return [_answer(case, finding, until) for (case, finding), until in zip(findings, changes, strict=True)]


def _answer(case: Case, finding: Finding, until: int | None = None) -> Answer:
    due = review_due(finding.statements)
    return Answer(
        recipient=case.recipient,
        scope=case.scope,
        decision=finding.decision,
        basis=finding.basis,
        reason=reason(finding.basis, case.scope),
        based_on=tuple(sorted({*finding.records, *[one.version for one in finding.statements]})),
        considered=considered(case, finding),
        obligations=OBLIGATION.in_order(obligations(case, finding)),
        still_allowed=still_allowed(case, finding),
        next_action=next_action(case, finding, due),
        overridable=finding.overridable,
        review_due=due,
        valid_until=None if until is None else instant(until),
    )


def _open_to_all(now: Circumstances) -> tuple[Answer, ...]:
    """Listening and general information: for all of the record who are named, and once for whoever is not of it."""
    scopes = _scopes(now)
    asked = _distinct(now.question.recipients)
    known = [recipient for recipient in asked if _is_linked(now, recipient)]
    answers = [_open_answer(Case(now, recipient, scope, None), [recipient]) for recipient in known for scope in scopes]
    others = [recipient for recipient in asked if recipient not in known]
    if others or not known:
        answers.append(_open_answer(Case(now, "", "", None), others or [""]))
    return tuple(answers)


def _open_answer(case: Case, callers: Sequence[str]) -> Answer:
    action = "listen" if case.now.question.action == "listen" else "general"
    restrictions = [one for caller in callers for one in restrictions_on(case.about(caller))]
    finding = open_to_all(action, restrictions, may_know=_may_know(case))
    return _answer(case, finding)


def _may_know(case: Case) -> bool:
    """Whether this person may know that this is a patient: by the patient's consent to tell, or being the patient.

    Whatever resources are named: they are not what would be told.
    """
    if not case.recipient:
        return False
    now = case.now.without_resources
    return settle(Case(now, case.recipient, "service-contact", None)).basis in ("patient-consent", "own-record")


def _is_linked(now: Circumstances, recipient: str) -> bool:
    return is_linked(Case(now, recipient, "service-contact", None))


def _recipients(now: Circumstances) -> Sequence[str]:
    """Those asked about, once each; by default every active supporter."""
    if now.question.recipients:
        return _distinct(now.question.recipients)
    unknown = now.view.facts.unknown
    people = now.view.people.items()
    return sorted(reference for reference, person in people if person.active and reference not in unknown)


def _scopes(now: Circumstances) -> Sequence[str]:
    """Those asked about and those of the named resources; by default every scope. '' where nobody can tell."""
    question = now.question
    if not question.resources:
        return SHARING_SCOPE.in_order(question.scopes) if question.scopes else SCOPES
    named = [now.view.resources[ref].scopes for ref in question.resources if ref in now.view.resources]
    wanted = frozenset(question.scopes).union(*named)
    return SHARING_SCOPE.in_order(wanted) if wanted else [""]


def _distinct(references: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(references))
