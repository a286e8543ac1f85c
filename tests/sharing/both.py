"""Asks the engine and the reference about a case made by hand, and expects the same answer."""

from typing import Any

from app.sharing.answer import Answer
from app.sharing.decide import decide
from app.sharing.facts import Facts, Record
from app.sharing.question import Question
from tests.sharing import reference
from tests.sharing.making import consent, moment, provision
from tests.sharing.reference.vocabulary import NHS_NUMBER, url

AT = "2026-06-01T12:00:00Z"
DECIDED = "2026-03-01T10:00:00Z"
NOT_THE_PATIENTS = [{"url": url("not-the-patients-decision"), "valueBoolean": True}]
NUMBER = {"identifier": [{"system": NHS_NUMBER, "value": "9990000026"}]}
TRUST = "Organization/trust"
UNKNOWN_MODIFIERS: tuple[dict[str, Any], ...] = (
    {"modifierExtension": [{"url": "urn:means-not", "valueBoolean": True}]},
    {"implicitRules": "urn:other-rules"},
)


def both(known: Facts, *who: str, scopes: str = "medication", **more: Any) -> Answer:
    """The first answer of the engine, when the reference says the same of the fields that the page settles."""
    question = Question(at=moment(AT), recipients=who, scopes=tuple(scopes.split()), **more)
    ours, theirs = decide(known, question, moment(AT)), reference.decide(known, question, moment(AT))
    assert [_told(one) for one in ours] == [_told(one) for one in theirs]
    return ours[0]


def _told(answer: Answer) -> tuple[Any, ...]:
    sets = (frozenset(answer.obligations), frozenset(answer.still_allowed))
    return (answer.decision, answer.basis, answer.next_action, answer.overridable, answer.valid_until, *sets)


def different(who: str) -> dict[str, Any]:
    reference_ = {"reference": f"RelatedPerson/{who}"}
    return {"extension": [{"url": url("different-person"), "valueReference": reference_}]}


def unreadable(type_: str, *who: str) -> Record:
    return consent("undated", "", provision(type_, *who))


def supporter_reference(who: str) -> dict[str, str]:
    return {"reference": f"RelatedPerson/{who}"}


def datum(name: str) -> dict[str, Any]:
    return {"meaning": "instance", "reference": {"reference": name}}
