"""Risk is formulated, and never graded."""

import pytest

from tests.fhir.checks.decisions import PATIENT, Members
from tests.fhir.rules import issues, where

FORMULATED: Members = {
    "resourceType": "RiskAssessment",
    "status": "final",
    "subject": PATIENT,
    "basis": [{"reference": "QuestionnaireResponse/1"}],
    "prediction": [{"outcome": {"text": "Despair after nights without sleep"}, "rationale": "It began so each time."}],
    "mitigation": "Rings her mother after the second such night.",
    "note": [{"text": "Written together."}],
}


def graded(**members: object) -> Members:
    return {**FORMULATED, "prediction": [*FORMULATED["prediction"], {"rationale": "x", **members}]}


def test_a_formulation_is_accepted() -> None:
    assert where(FORMULATED) == []
    assert where(graded(whenPeriod={"start": "2026"})) == []


@pytest.mark.parametrize(
    ("path", "assessment"),
    [
        ("qualitativeRisk", graded(qualitativeRisk={"text": "high"})),
        ("probability", graded(probabilityDecimal=1)),
        ("probability", graded(probabilityRange={"low": {"value": 1}, "high": {"value": 2}})),
        ("probability", graded(_probabilityDecimal={"extension": [{"url": "urn:x", "valueCode": "high"}]})),
        ("relativeRisk", graded(relativeRisk=2)),
        ("relativeRisk", graded(_relativeRisk={"extension": [{"url": "urn:x", "valueCode": "high"}]})),
    ],
)
def test_a_grade_is_refused_and_the_text_says_why_and_what_instead(path: str, assessment: Members) -> None:
    assert where(assessment) == [f"RiskAssessment.prediction[1].{path}"]
    (issue,) = issues(assessment)
    for words in ("formulated", "never graded", "NHS England (April 2025)", "basis", "rationale", "safety plan"):
        assert words in issue.diagnostics


def test_every_grade_of_every_prediction_is_named_at_once() -> None:
    grades = {"probabilityDecimal": 1, "relativeRisk": 2, "qualitativeRisk": {"text": "low"}}
    assert where({**FORMULATED, "prediction": [grades, grades]}) == [
        f"RiskAssessment.prediction[{index}].{path}"
        for index in (0, 1)
        for path in ("qualitativeRisk", "probability", "relativeRisk")
    ]


def test_no_grade_hides_in_what_another_resource_contains() -> None:
    contained = {**graded(relativeRisk=2), "id": "r"}
    plan = {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": PATIENT}
    plan |= {"contained": [contained], "supportingInfo": [{"reference": "#r"}]}
    assert where(plan) == ["CarePlan.contained[0].prediction[1].relativeRisk"]
