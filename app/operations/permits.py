"""What the sharing decision says now about supporters, for answers that are no check themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.fhir.links import PatientName
from app.involvement.permitting import may_permit
from app.record.context import Context
from app.sharing.answer import Answer
from app.sharing.decide import decide_on, seen
from app.sharing.facts import Facts
from app.sharing.question import Question
from app.storage import facts as storage
from app.storage import indicators
from app.storage.facts import Named
from app.storage.pool import Connection


async def answers_now(
    context: Context, connection: Connection, patient: str, supporters: Sequence[str]
) -> tuple[Answer, ...]:
    """The answers about supporters ("RelatedPerson/id") of a patient (a patient key), in order, over every scope."""
    name = PatientName(id=patient)
    facts = await storage.gather(connection, name, Named(), context.policy.sharing, context.bases, patient)
    return _answers(context, facts, supporters, ()) if facts else ()


@dataclass(frozen=True, slots=True)
class Human:
    """The records that are of one human for certain ("RelatedPerson/id"), and those of them that may be told."""

    records: frozenset[str]
    permitted: frozenset[str]


async def permitted_now(
    context: Context, connection: Connection, supporters: Mapping[str, Sequence[str]], scope: str
) -> dict[str, Human]:
    """Of these supporters of each patient (by patient key) those who may be told of the scope; in one statement."""
    permitted: dict[str, Human] = {}
    for rows in await indicators.of_patients(connection, list(supporters), ()):
        facts = rows.facts(context.bases, context.policy.sharing)
        permitted |= _humans(context, facts, supporters[rows.key], scope)
    return permitted


def _humans(context: Context, facts: Facts, supporters: Sequence[str], scope: str) -> dict[str, Human]:
    if not may_permit(facts, scope):
        return {}
    now = max(context.rules.now, facts.newest)
    view = seen(facts, Question(at=now), now)
    records = {one: view.identity(one).surely for one in supporters}
    everybody = sorted(frozenset().union(*records.values()))
    answers = _answers(context, facts, everybody, (scope,))
    told = {answer.recipient for answer in answers if answer.decision == "permit"}
    return {one: Human(alike, alike & told) for one, alike in records.items() if one in told}


def _answers(context: Context, facts: Facts, supporters: Sequence[str], scopes: tuple[str, ...]) -> tuple[Answer, ...]:
    now = max(context.rules.now, facts.newest)
    question = Question(at=now, recipients=tuple(supporters), scopes=scopes)
    return decide_on(seen(facts, question, now), question, until=False)
