"""Several Consents of one family (the sharing decision, section 6.3, and 6.1 on what keeps a yes from counting)."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from app.sharing.counting import Voice, Voices
from app.sharing.provisions import ANYONE
from app.sharing.scoping import EVERYTHING
from app.sharing.statement import Statement

Result = Literal["", "permit", "patient-refusal", "conflicting-consents", "consent-expired"]


class Combined(NamedTuple):
    """`standing` are the yeses that count. Of a deny, `deciding` are the records that make it one."""

    result: Result
    standing: tuple[Voice, ...] = ()
    deciding: tuple[Statement, ...] = ()


def combine(voices: Voices) -> Combined:
    """What the Consents of a family come to: a permit, a deny and which, or '' when none speaks."""
    standing = yeses_that_count(voices)
    if standing:
        return Combined("permit", standing)
    if voices.noes:
        everybody = _statements(voices.yeses) + _statements(voices.noes)
        if _is_newest_a_no(voices):
            return Combined("patient-refusal", deciding=_statements(voices.noes))
        return Combined("conflicting-consents", deciding=everybody + _blocking(voices.yeses, voices.rejected))
    turned_down = _blocking(voices.yeses, voices.rejected)
    if turned_down:
        return Combined("conflicting-consents", deciding=_statements(voices.yeses) + turned_down)
    if voices.yeses:
        return Combined("consent-expired", deciding=_blocking(voices.yeses, voices.lapsed))
    return Combined("")


def yeses_that_count(voices: Voices, against: Sequence[Statement] = ()) -> tuple[Voice, ...]:
    """The yeses newer than every matching no and at least as specific as each, on who and on what.

    And newer than every refusal that lapsed, every proposal that was rejected, and all that is `against` them besides.
    """
    noes = voices.noes
    if not (noes or voices.lapsed or voices.rejected or against):
        return tuple(voices.yeses)
    since = max(one.dated.high for one in (*_statements(noes), *voices.lapsed, *voices.rejected, *against))
    recipient = max((no.match.recipient for no in noes), default=ANYONE)
    information = max((no.match.information for no in noes), default=EVERYTHING)
    return tuple(
        yes
        for yes in voices.yeses
        if yes.statement.dated.low >= since
        and yes.match.recipient >= recipient
        and yes.match.information >= information
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


def _is_newest_a_no(voices: Voices) -> bool:
    """Whether some no is newer than every yes. On dates that overlap nobody can tell which was last."""
    if not voices.yeses:
        return True
    newest = max(no.statement.dated.low for no in voices.noes)
    return newest >= max(yes.statement.dated.high for yes in voices.yeses)


def _statements(voices: Iterable[Voice]) -> tuple[Statement, ...]:
    return tuple(voice.statement for voice in voices)


def _blocking(yeses: list[Voice], others: list[Statement]) -> tuple[Statement, ...]:
    """Those of the others that some yes is not newer than."""
    if not yeses or not others:
        return ()
    oldest = min(yes.statement.dated.low for yes in yeses)
    return tuple(one for one in others if oldest < one.dated.high)
