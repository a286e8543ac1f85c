"""What is told when a layer decides: a held deny, or a permit with every yes that stands."""

from tests.sharing.reference.combine import (
    Match,
)
from tests.sharing.reference.verdict import CLINICIAN, Verdict
from tests.sharing.reference.world import Stood

MINIMUM = frozenset({"minimum-necessary"})


def references(stood: list[Stood]) -> frozenset[str]:
    return frozenset(one.reference for one in stood)


def held_deny(basis: str, based_on: frozenset[str] = frozenset(), reasons: frozenset[str] | None = None) -> Verdict:
    return Verdict("deny", basis, based_on, next_action=CLINICIAN, overridable=True, reasons=reasons)


def permit(
    basis: str, yeses: tuple[Match, ...], obligations: frozenset[str] = frozenset(), action: str = "none"
) -> Verdict:
    """'`basedOn`: for a permit every yes that stands'."""
    conditions = frozenset().union(*(yes.result.conditions for yes in yeses))
    return Verdict("permit", basis, references([yes.consent for yes in yeses]), obligations | conditions, action)
