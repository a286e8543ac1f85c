"""What questions about one patient rest on: made once, however many of them are asked in one request."""

from datetime import datetime

from app.sharing.answer import Answer
from app.sharing.decide import decide_on, seen
from app.sharing.facts import Facts, Record
from app.sharing.question import Question
from app.sharing.view import View


class Known:
    """The facts, and the time of asking as the decision is told it.

    `own` is the last version seen of each record of the patient's own, `others` that of each other.
    """

    __slots__ = ("_views", "facts", "now", "others", "own")

    def __init__(self, facts: Facts, asked: datetime) -> None:
        self.facts = facts
        # A version that was committed is answered from, though the clock of the process that wrote it be ahead of ours.
        self.now = max(asked, facts.newest)
        self.own, self.others = _seen(facts)
        self._views: dict[datetime, View] = {}

    def answers(self, put: Question) -> tuple[Answer, ...]:
        """The answers to a question; the records as they stood at a time are read once."""
        if put.at not in self._views:
            self._views[put.at] = seen(self.facts, put, self.now)
        return decide_on(self._views[put.at], put)


def _seen(facts: Facts) -> tuple[list[str], list[str]]:
    own = [
        _last(record) for record in (*facts.patients, *facts.supporters, *facts.consents, *facts.flags, *facts.teams)
    ]
    others = [_last(record) for record in facts.professionals]
    for one in facts.resources:
        (own if facts.resource_patients.get(one.reference) == facts.patient_key else others).append(_last(one))
    return list(dict.fromkeys(own)), list(dict.fromkeys(others))


def _last(record: Record) -> str:
    return f"{record.type}/{record.id}/_history/{record.versions[-1].number}"
