"""What a layer finds, before it is told to anybody (the sharing decision, sections 2 and 3)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.sharing.answer import Decision
from app.sharing.counting import Voice
from app.sharing.statement import Statement


class Finding(NamedTuple):
    """A permit or a deny. `held`: a deny that stands whatever later layers say, unless a safety override replaces it.

    `statements` are the deciding Consents; `records` versioned references of deciding records of other types.
    """

    decision: Decision
    basis: str
    statements: tuple[Statement, ...] = ()
    records: tuple[str, ...] = ()
    obligations: frozenset[str] = frozenset()
    next_action: str = "none"
    overridable: bool = False
    held: bool = False


def permit(basis: str, *obligations: str) -> Finding:
    """A permit with its obligations, which rests on no Consent."""
    return Finding("permit", basis, obligations=frozenset(obligations))


def permit_by(yeses: Sequence[Voice], basis: str, *obligations: str, next_action: str = "none") -> Finding:
    """A permit resting on these Consents, whose conditions are obligations too."""
    return Finding(
        "permit",
        basis,
        tuple([yes.statement for yes in yeses]),
        obligations=frozenset(obligations).union(*[yes.match.conditions for yes in yeses]),
        next_action=next_action,
    )


def absolute(basis: str, *records: str, next_action: str = "none") -> Finding:
    """A deny that no override replaces."""
    return Finding("deny", basis, records=records, next_action=next_action)


def held(basis: str, *records: str, statements: Iterable[Statement] = (), overridable: bool = True) -> Finding:
    """A deny that only a safety override may replace; a clinician decides."""
    return Finding(
        "deny",
        basis,
        tuple(statements),
        records,
        next_action="refer-to-clinician",
        overridable=overridable,
        held=True,
    )


def remaining(basis: str, next_action: str, *records: str, statements: Iterable[Statement] = ()) -> Finding:
    """A deny that remains when nothing permits; an override may replace it."""
    return Finding("deny", basis, tuple(statements), records, next_action=next_action, overridable=True)
