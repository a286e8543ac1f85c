"""Risk is formulated and never graded: which elements of a RiskAssessment are refused, and what to write instead.

NHS England (April 2025) calls stratification into low, medium and high unacceptable, and prediction by numbers with
it. As invariants of RiskAssessment.prediction they hold wherever one stands, contained in another resource too.
https://hl7.org/fhir/R4/riskassessment.html
"""

from typing import Final

from app.fhir import issues
from app.fhir.errors import Issue
from app.fhir.invariant import Condition, Invariant

_INSTEAD: Final = (
    "Risk is formulated here and never graded: NHS England (April 2025) calls stratification into low, medium and high "
    "unacceptable. Write on what it rests in RiskAssessment.basis, the formulation in prediction.rationale and note, "
    "and what is done about it in mitigation and in the safety plan (a CarePlan)."
)


class Ungraded(Invariant):
    """That a prediction does without an element, its `key`; a rule of this service, and no invariant of FHIR's."""

    __slots__ = ()

    def issue(self, path: str) -> Issue:
        """The element is at fault."""
        return issues.rule(f"{path}.{self.key}", self.says)


def _has_none(*names: str) -> Condition:
    """Neither a value nor an extension in the place of one."""
    return lambda prediction, _: not any(name in prediction or f"_{name}" in prediction for name in names)


UNGRADED: Final = (
    Ungraded("qualitativeRisk", _INSTEAD, _has_none("qualitativeRisk")),
    Ungraded("probability", _INSTEAD, _has_none("probabilityDecimal", "probabilityRange")),
    Ungraded("relativeRisk", _INSTEAD, _has_none("relativeRisk")),
)
