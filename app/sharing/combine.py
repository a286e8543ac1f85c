"""Several Consents of one family (the sharing decision, section 6.3, and 6.1 on what keeps a yes from counting)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.sharing.counting import Voice, Voices
from app.sharing.statement import Statement

Result = Literal["", "permit", "patient-refusal", "conflicting-consents", "consent-expired"]


@dataclass(frozen=True, slots=True)
class Combined:
    """`standing` are the yeses that count. Of a deny, `deciding` are the records that make it one."""

    result: Result
    standing: tuple[Voice, ...] = ()
    deciding: tuple[Statement, ...] = ()


def combine(voices: Voices) -> Combined:
    """What the Consents of a family come to: a permit, a deny and which, or '' when none speaks."""
    contested = voices.noes or voices.rejected or voices.lapsed
    standing = tuple(yes for yes in voices.yeses if not contested or counts(yes, voices))
    if standing:
        return Combined("permit", standing)
    if voices.noes:
        everybody = _statements(voices.yeses) + _statements(voices.noes)
        if is_newest_a_no(voices):
            return Combined("patient-refusal", deciding=_statements(voices.noes))
        return Combined("conflicting-consents", deciding=everybody + _blocking(voices.yeses, voices.rejected))
    turned_down = _blocking(voices.yeses, voices.rejected)
    if turned_down:
        return Combined("conflicting-consents", deciding=_statements(voices.yeses) + turned_down)
    if voices.yeses:
        return Combined("consent-expired", deciding=_blocking(voices.yeses, voices.lapsed))
    return Combined("")


def counts(yes: Voice, voices: Voices) -> bool:
    """Whether a yes counts: newer than every matching no and at least as specific, on who and on what.

    And newer than every refusal that lapsed, and than every proposal that was rejected.
    """
    return (
        all(outweighs(yes, no) for no in voices.noes)
        and all(is_newer(yes.statement, one) for one in voices.rejected)
        and all(is_newer(yes.statement, one) for one in voices.lapsed)
    )


def outweighs(yes: Voice, no: Voice) -> bool:
    """Whether this yes beats this no."""
    return (
        is_newer(yes.statement, no.statement)
        and yes.match.recipient >= no.match.recipient
        and yes.match.information >= no.match.information
    )


def is_newer(one: Statement, other: Statement) -> bool:
    """Whether one was decided after the other for certain: its earliest time after the latest of the other."""
    return one.dated.low >= other.dated.high


def is_newest_a_no(voices: Voices) -> bool:
    """Whether some no is newer than every yes. On dates that overlap nobody can tell which was last."""
    return any(all(is_newer(no.statement, yes.statement) for yes in voices.yeses) for no in voices.noes)


def _statements(voices: Iterable[Voice]) -> tuple[Statement, ...]:
    return tuple(voice.statement for voice in voices)


def _blocking(yeses: list[Voice], others: list[Statement]) -> tuple[Statement, ...]:
    """Those of the others that some yes is not newer than."""
    return tuple(one for one in others if any(not is_newer(yes.statement, one) for yes in yeses))
