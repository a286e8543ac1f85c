"""May a supporter be contacted, invited, told: asked of the sharing decision, of the facts as they were decided."""

from datetime import datetime

from app.involvement.as_decided import as_decided
from app.sharing.answer import Answer
from app.sharing.decide import decide_on, seen
from app.sharing.facts import Facts
from app.sharing.question import Question


def answer_at(facts: Facts, supporter: str, scope: str, at: datetime, now: datetime) -> Answer:
    """The one answer about a supporter ("RelatedPerson/id") and a scope, at a time; `now` is when it is asked."""
    question = Question(at=at, recipients=(supporter,), scopes=(scope,))
    [answer] = decide_on(seen(as_decided(facts), question, now), question, until=False)
    return answer
