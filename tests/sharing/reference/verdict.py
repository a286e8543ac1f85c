"""What a layer decides."""

from dataclasses import dataclass

CLINICIAN = "refer-to-clinician"


@dataclass(frozen=True)
class Verdict:
    """An answer before it is put into words: 'Denies that are neither held, absolute nor listed with an action have
    nextAction none.' `reasons` are the override reasons that may lift it, None for any.
    """

    decision: str
    basis: str
    based_on: frozenset[str] = frozenset()
    obligations: frozenset[str] = frozenset()
    next_action: str = "none"
    overridable: bool = False
    reasons: frozenset[str] | None = None
