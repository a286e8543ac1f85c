"""Risk is formulated and never graded: which elements of a RiskAssessment are refused, and what to write instead.

NHS England's guidance of April 2025 on safety, risk and suicide calls stratification into low, medium and high
unacceptable, and numbers that claim to predict with it. https://hl7.org/fhir/R4/riskassessment.html
"""

from typing import Any, Final

from app.fhir import issues
from app.fhir.checks import involvement
from app.fhir.definition import Check, Rules
from app.fhir.errors import Issue

Members = dict[str, Any]

_GRADES: Final = {
    "qualitativeRisk": "qualitativeRisk",
    "probabilityDecimal": "probability",
    "_probabilityDecimal": "probability",
    "probabilityRange": "probability",
    "relativeRisk": "relativeRisk",
    "_relativeRisk": "relativeRisk",
}
_INSTEAD: Final = (
    "Risk is formulated here and never graded: NHS England (April 2025) calls stratification into low, medium and high "
    "unacceptable. Write on what it rests in RiskAssessment.basis, the formulation in prediction.rationale and note, "
    "and what is done about it in mitigation and in the safety plan (a CarePlan)."
)


def risk_is_not_graded(assessment: Members, _: Rules) -> list[Issue]:
    """Each grade or number that a prediction holds, in its value or in an extension in the place of one."""
    return [
        issues.rule(f"RiskAssessment.prediction[{index}].{path}", _INSTEAD)
        for index, prediction in enumerate(assessment.get("prediction", ()))
        for path in dict.fromkeys(path for name, path in _GRADES.items() if name in prediction)
    ]


CHECKS: Final[tuple[Check, ...]] = (*involvement.CHECKS, risk_is_not_graded)
