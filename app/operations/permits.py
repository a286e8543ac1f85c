"""What the sharing decision says now about supporters, for answers that are no check themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.fhir.links import PatientName
from app.involvement.permitting import may_permit
from app.record.context import Context
from app.sharing.answer import Answer
from app.sharing.decide import decide_on, seen
from app.sharing.facts import Facts
from app.sharing.question import Question
from app.sharing.times import moment
from app.sharing.view import View
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
    """The records that are of one human for certain ("RelatedPerson/id"), and those of key people who may be told."""

    records: frozenset[str]
    permitted: frozenset[str]


async def permitted_now(
    context: Context,
    connection: Connection,
    supporters: Mapping[str, Sequence[str]],
    scope: str,
    roles: Collection[str],
) -> dict[str, Human]:
    """Of these supporters of each patient (by patient key) those who may be told of the scope; in one statement.

    They are those who have one of the `roles` now, and not those who had it, or are to have it.
    """
    permitted: dict[str, Human] = {}
    for rows in await indicators.of_patients(connection, list(supporters), ()):
        facts = rows.facts(context.bases, context.policy.sharing)
        permitted |= _humans(context, facts, supporters[rows.key], scope, roles)
    return permitted


def _humans(
    context: Context, facts: Facts, supporters: Sequence[str], scope: str, roles: Collection[str]
) -> dict[str, Human]:
    if not may_permit(facts, scope):
        return {}
    now = max(context.rules.now, facts.newest)
    view = seen(facts, Question(at=now), now)
    records = {one: view.identity(one).surely for one in supporters}
    at = moment(now)
    everybody = [one for one in sorted(frozenset().union(*records.values())) if _has_role(view, one, roles, at)]
    # Asked about nobody in particular, the sharing decision answers about everybody.
    answers = _answers(context, facts, everybody, (scope,)) if everybody else ()
    told = {answer.recipient for answer in answers if answer.decision == "permit"}
    return {one: Human(alike, alike & told) for one, alike in records.items() if one in told}


def _has_role(view: View, supporter: str, roles: Collection[str], at: int) -> bool:
    person = view.people.get(supporter)
    return person is not None and any(role.code in roles and role.is_held(at) for role in person.roles)


def _answers(context: Context, facts: Facts, supporters: Sequence[str], scopes: tuple[str, ...]) -> tuple[Answer, ...]:
    now = max(context.rules.now, facts.newest)
    question = Question(at=now, recipients=tuple(supporters), scopes=scopes)
    return decide_on(seen(facts, question, now), question, until=False)
