"""What the audit trail keeps of a check: the question, the answers, and all that is needed to ask it again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from app.operations.known import Known
from app.operations.shown import is_unseen, seen_only
from app.sharing.answer import EDITION, Answer
from app.sharing.facts import Facts, Policy
from app.sharing.question import Question
from app.storage.facts import Seen

DEFAULTS = Policy()

# What has to be the same for a replay to agree: recipient, scope, decision, basis, basedOn.
Told = tuple[str, str, str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A check as it was kept: what was asked when, of which versions under which settings, and what was answered.

    `unknown` are the records of which the caller might not learn.
    """

    question: Question
    now: datetime
    seen: Seen
    bases: tuple[str, ...]
    policy: Policy
    edition: str
    answers: tuple[Told, ...]
    unknown: frozenset[str] = frozenset()


def detail(known: Known, put: Question, answers: tuple[Answer, ...]) -> dict[str, object]:
    """The detail of an audit row."""
    facts = known.facts
    return {
        "edition": EDITION,
        "now": known.now.isoformat(),
        "question": {
            "at": put.at.isoformat(),
            "recipients": put.recipients,
            "scopes": put.scopes,
            "resources": put.resources,
            "action": put.action,
            "content": put.content,
            "purpose": put.purpose,
            "team": put.team,
        },
        "answers": [
            {
                "recipient": answer.recipient,
                "scope": answer.scope,
                "decision": answer.decision,
                "basis": answer.basis,
                "basedOn": seen_only(answer.based_on, facts),
                "considered": [(one.record, one.why) for one in answer.considered if not is_unseen(one.record, facts)],
            }
            | _unseen(answer, facts)
            for answer in answers
        ],
        "patient": facts.patient_key,
        "records": known.own,
        "others": known.others,
        "bases": facts.bases,
        "policy": _policy(facts.policy),
        **({"unknown": sorted(facts.unknown)} if facts.unknown else {}),
    }


def told(answers: Iterable[Answer]) -> tuple[Told, ...]:
    """What a replay compares of each answer, in order."""
    return tuple((answer.recipient, answer.scope, answer.decision, answer.basis, answer.based_on) for answer in answers)


def kept(detail_: Mapping[str, Any]) -> Kept:
    """The check that a detail tells of. Raises KeyError when it tells of none that can be asked again."""
    question = dict(detail_["question"])
    question["at"] = datetime.fromisoformat(question["at"])
    for name in ("recipients", "scopes", "resources"):
        question[name] = tuple(question[name])
    put = Question(**question)
    named = frozenset((*put.recipients, *put.resources, put.team))
    return Kept(
        question=put,
        now=datetime.fromisoformat(detail_["now"]),
        seen=Seen(detail_["patient"], tuple(detail_["records"]), tuple(detail_["others"]), named),
        bases=tuple(detail_["bases"]),
        policy=replace(DEFAULTS, **{name: _setting(value) for name, value in detail_["policy"].items()}),
        edition=detail_["edition"],
        unknown=frozenset(detail_.get("unknown", ())),
        answers=tuple(
            (answer["recipient"], answer["scope"], answer["decision"], answer["basis"], _based_on(answer))
            for answer in detail_["answers"]
        ),
    )


def _unseen(answer: Answer, facts: Facts) -> dict[str, list[str]]:
    """What an answer rests on that its caller may not see: for a replay, and not for an AuditEvent."""
    unseen = [version for version in answer.based_on if is_unseen(version, facts)]
    return {"basedOnUnseen": unseen} if unseen else {}


def _based_on(answer: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted([*answer["basedOn"], *answer.get("basedOnUnseen", ())]))


@lru_cache(8)
def _policy(policy: Policy) -> Mapping[str, Any]:
    """The settings that are not the page's defaults."""
    given = {field.name: getattr(policy, field.name) for field in fields(Policy)}
    changed = {name: value for name, value in given.items() if value != getattr(DEFAULTS, name)}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in changed.items()}


def _setting(value: Any) -> Any:
    return frozenset(value) if isinstance(value, list) else value
