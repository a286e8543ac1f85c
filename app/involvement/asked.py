"""May a supporter be contacted, invited, told: asked of the sharing decision, of the facts as they were decided."""

from collections.abc import Iterable
from datetime import datetime

from app.involvement.as_decided import as_decided
from app.sharing.answer import Answer
from app.sharing.decide import decide_on, seen
from app.sharing.facts import Facts
from app.sharing.question import Question


def answers_at(facts: Facts, supporters: Iterable[str], scope: str, at: datetime, now: datetime) -> dict[str, Answer]:
    """The answers about supporters ("RelatedPerson/id") and one scope, by supporter, at a time; `now` is when it is
    asked. What is known is read once for all of them.
    """
    question = Question(at=at, recipients=tuple(dict.fromkeys(supporters)), scopes=(scope,))
    if not question.recipients:  # which would stand for everybody
        return {}
    answers = decide_on(seen(as_decided(facts), question, now), question, until=False)
    return {answer.recipient: answer for answer in answers}
