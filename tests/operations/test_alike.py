"""Questions of one request that differ in scope alone are decided together, each as if it were asked alone."""

from datetime import UTC, datetime
from random import Random

import pytest

from app.fhir.errors import BadRequest
from app.operations.alike import Together
from app.operations.asked import Asked
from app.operations.known import Known
from app.operations.understanding import question, understand
from app.sharing.question import Question
from app.sharing.vocabulary import SCOPES
from tests.sharing.generator import case

CASES = 60
NOW = datetime(2026, 3, 4, tzinfo=UTC)
MUM = Asked(
    patient={"reference": "Patient/adult"}, recipients=[{"reference": "RelatedPerson/mum"}], scopes=["medication"]
)


def put_by_a_caller(put: Question) -> Asked:
    return Asked(
        patient={"reference": "Patient/adult"},
        recipients=[{"reference": name} for name in put.recipients],
        resources=[{"reference": name} for name in put.resources],
        scopes=put.scopes,
        action=put.action,
        content=put.content,
        purpose=put.purpose,
        at=put.at.isoformat(timespec="seconds"),
        team={"reference": put.team} if put.team else {},
    )


def test_each_is_answered_as_it_would_be_alone() -> None:
    for seed in range(CASES):
        facts, put, now = case(seed)
        whole = put_by_a_caller(put)
        some = [put.scopes, SCOPES[:1], SCOPES[2:9:3], (SCOPES[5], SCOPES[2]), (), SCOPES[:1], SCOPES[7:]]
        asked = [whole._replace(scopes=scopes) for scopes in some]
        asked += [one._replace(resources=()) for one in asked]
        asked += [whole._replace(action="listen", scopes=SCOPES[1:3]), whole._replace(recipients=())]
        Random(seed).shuffle(asked)
        together = Together(now, ())
        parts = [together.add(one) for one in asked]
        known = Known(facts, now)
        for one, part in zip(asked, parts, strict=True):
            alone = Known(facts, now)
            asked_alone = question(understand(one, now, ()), facts, alone.now)
            assert part.alike.decided(known, part.scopes) == (asked_alone, alone.answers(asked_alone)), seed


@pytest.mark.parametrize(
    "other",
    [
        MUM._replace(recipients=[{"reference": "RelatedPerson/dad"}]),
        MUM._replace(purpose="ETREAT"),
        MUM._replace(at=NOW.isoformat()),
        MUM._replace(scopes=[]),
        MUM._replace(resources=[{"reference": "CarePlan/plan"}]),
        MUM._replace(action="listen"),
        MUM._replace(content="general"),
    ],
)
def test_what_differs_in_more_than_scope_is_not_decided_together(other: Asked) -> None:
    together = Together(NOW, ())
    mum, another = together.add(MUM), together.add(other)
    assert another.alike is not mum.alike
    assert together.add(MUM._replace(scopes=["care-plan"])).alike is mum.alike
    assert together.add(other).alike is another.alike


@pytest.mark.parametrize("scopes", [["of-nothing"], ["medication"] * 201])
def test_scopes_that_are_refused_alone_are_refused_after_others(scopes: list[str]) -> None:
    together = Together(NOW, ())
    together.add(MUM)
    with pytest.raises(BadRequest, match="Parameter scope"):
        together.add(MUM._replace(scopes=scopes))
    assert list(together.add(MUM).alike.scopes) == ["medication"]
