"""KS-13b: at least one documented attempt to reach a key person; a failed one is one."""

from collections.abc import Iterable
from typing import Final

from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Entry
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.involved import asked_and_nobody, attempts, key_people
from app.involvement.indicators.messages import Message
from app.involvement.indicators.supporters import Supporter
from app.sharing.times import HOUR

DUE: Final = 48 * HOUR
# Why the team could not or was not to try, in the order in which one is told.
REASONS: Final = ("contact-stopped", "contact-refused", "no-contact-details")
_DECIDED: Final = frozenset(REASONS[:2])


def ks_13b(chart: Chart, episode: Episode) -> list[Case]:
    """One case for the episode. Whether contact was barred is judged when an attempt was due, after 48 hours."""
    subject = episode.reference
    known = key_people(chart, episode.time)
    made = attempts(chart, episode.time, frozenset(one.reference for one in known))
    nobody = None if known else asked_and_nobody(chart, episode.from_referral)
    around = known or _without_a_key_role(chart, episode)
    barred = ""
    excluded = _not_counted(chart, episode)
    if not excluded:
        tried = frozenset().union(*(one.people for one in made))
        barred = "nobody-exists" if nobody else _barred(chart, episode, around, tried, are_key=bool(known))
    return [
        Case(
            subject,
            subject,
            excluded=excluded,
            excluded_adjusted=barred,
            met=bool(made),
            met_adjusted=bool(made),
            rests_on=_rests_on(chart, episode, known, made, around, barred, nobody) if chart.listed else (),
        )
    ]


def _rests_on(
    chart: Chart,
    episode: Episode,
    known: list[Supporter],
    made: list[Message],
    around: list[Supporter],
    barred: str,
    nobody: Entry | None,
) -> tuple[str, ...]:
    found = (episode.entry, *(around if barred in _DECIDED else known), *(one.entry for one in made[:1]), nobody)
    records = [one.versioned for one in found if one is not None]
    return (*records, *_decisions(chart, episode, around, barred))


def _without_a_key_role(chart: Chart, episode: Episode) -> list[Supporter]:
    return [one for one in chart.supporters.values() if one.linked and one.linked.meets(episode.time)]


def _decisions(chart: Chart, episode: Episode, around: list[Supporter], barred: str) -> Iterable[str]:
    """What says that they were not to be contacted."""
    if barred not in _DECIDED:
        return ()
    at = episode.start + DUE
    return dict.fromkeys(each for one in around for each in chart.consent.records(one.reference, "make-contact", at))


def _not_counted(chart: Chart, episode: Episode) -> str:
    if episode.has_lasted(DUE, chart.clock):
        return ""
    return "closed-early" if episode.is_over(chart.clock) else "not-yet-due"


def _barred(chart: Chart, episode: Episode, around: list[Supporter], tried: frozenset[str], *, are_key: bool) -> str:
    """Why none of them could be contacted, '' when one could or when there is none.

    Those without a key role count where nobody has one, as far as somebody decided: who is known as somebody to keep
    away from alone cannot be tried.
    """
    whys = set()
    for one in around:
        why = _why(chart, one, episode.start + DUE, is_tried=one.reference in tried)
        if not why:
            return ""
        whys.add(why)
    if not whys or not (are_key or whys <= _DECIDED):
        return ""
    return min(whys, key=REASONS.index)


def _why(chart: Chart, one: Supporter, at: int, *, is_tried: bool) -> str:
    if chart.consent.is_stopped(one.reference, at):
        return "contact-stopped"
    if chart.consent.is_refused(one.reference, at):
        return "contact-refused"
    # Whom somebody tried to reach could be tried, whatever was written down of how.
    return "" if one.has_details or is_tried else "no-contact-details"
