"""Whom the sharing decision permits to be told something now, for answers that are no check themselves."""

from collections.abc import Sequence

from app.fhir.links import PatientName
from app.record.context import Context
from app.sharing.decide import decide_on, seen
from app.sharing.question import Question
from app.storage import facts as storage
from app.storage.facts import Named
from app.storage.pool import Connection


async def permitted_now(
    context: Context, connection: Connection, patient: str, supporters: Sequence[str], scope: str
) -> frozenset[str]:
    """Of these supporters ("RelatedPerson/id") of a patient (a patient key) those who may be told of the scope now."""
    name = PatientName(id=patient)
    facts = await storage.gather(connection, name, Named(), context.policy.sharing, context.bases, patient)
    if facts is None:
        return frozenset()
    now = max(context.rules.now, facts.newest)
    question = Question(at=now, recipients=tuple(supporters), scopes=(scope,))
    answers = decide_on(seen(facts, question, now), question, until=False)
    return frozenset(answer.recipient for answer in answers if answer.decision == "permit")
