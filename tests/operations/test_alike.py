"""Questions of one request that differ in scope alone are decided together, each as if it were asked alone."""

from datetime import UTC, datetime
from typing import Any

from app.fhir.links import PatientName
from app.fhir.references import Target
from app.operations.alike import Together
from app.operations.known import Known
from app.operations.understanding import Understood, question
from app.sharing.question import Question
from app.sharing.vocabulary import SCOPES
from tests.sharing.generator import case

CASES = 60


def understood(put: Question, now: datetime, **other: Any) -> Understood:
    """The question as a caller might have put it."""
    return Understood(
        patient=PatientName(id="adult"),
        recipients=tuple(Target(*name.split("/")) for name in put.recipients),
        resources=tuple(Target(*name.split("/")) for name in put.resources),
        team=Target(*put.team.split("/")) if put.team else None,
        scopes=put.scopes,
        action=put.action,
        content=put.content,
        purpose=put.purpose,
        at=put.at,
        asks_now=put.at == now,
    )._replace(**other)


def test_each_is_answered_as_it_would_be_alone() -> None:
    for seed in range(CASES):
        facts, put, now = case(seed)
        some = [put.scopes, SCOPES[:1], SCOPES[2:9:3], (SCOPES[5], SCOPES[2]), SCOPES[:1], SCOPES[7:]]
        asked = [understood(put, now, scopes=tuple(scopes)) for scopes in some]
        asked += [understood(put, now, action="listen", scopes=SCOPES[1:3]), understood(put, now, resources=())]
        together = Together()
        parts = [together.add(one) for one in asked]
        known = Known(facts, now)
        for one, part in zip(asked, parts, strict=True):
            alone = Known(facts, now)
            asked_alone = question(one, facts, alone.now)
            assert part.alike.decided(known, part.scopes) == (asked_alone, alone.answers(asked_alone)), seed


def test_what_differs_in_more_than_scope_is_not_decided_together() -> None:
    now = datetime(2026, 3, 4, tzinfo=UTC)
    mum = understood(Question(now, ("RelatedPerson/mum",), ("medication",)), now)
    others = [
        mum._replace(recipients=(Target("RelatedPerson", "dad"),)),
        mum._replace(purpose="ETREAT"),
        mum._replace(asks_now=not mum.asks_now),
        mum._replace(scopes=()),
        mum._replace(resources=(Target("CarePlan", "plan"),)),
        mum._replace(action="listen"),
        mum._replace(content="general"),
    ]
    together = Together()
    first, *found = [together.add(one).alike for one in (mum, *others)]
    assert all(one is not first for one in found)
    assert together.add(mum._replace(scopes=("care-plan",))).alike is first
