"""KS-13b: at least one documented attempt to reach a key person; a failed one is one."""

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


def ks_13b(chart: Chart, episode: Episode) -> list[Case]:
    """One case for the episode. Whether contact was barred is judged when an attempt was due, after 48 hours."""
    subject = episode.reference
    known = key_people(chart, episode.time)
    made = attempts(chart, episode.time, frozenset(one.reference for one in known))
    nobody = None if known else asked_and_nobody(chart, episode.from_referral)
    barred = ""
    excluded = _not_counted(chart, episode)
    if not excluded:
        barred = "nobody-exists" if nobody else _barred(chart, episode, known)
    return [
        Case(
            subject,
            subject,
            excluded=excluded,
            excluded_adjusted=barred,
            met=bool(made),
            met_adjusted=bool(made),
            rests_on=_rests_on(episode, known, made, nobody) if chart.listed else (),
        )
    ]


def _rests_on(episode: Episode, known: list[Supporter], made: list[Message], nobody: Entry | None) -> tuple[str, ...]:
    records = (episode.entry, *known, *(one.entry for one in made[:1]), nobody)
    return tuple(one.versioned for one in records if one is not None)


def _not_counted(chart: Chart, episode: Episode) -> str:
    if episode.lasted(chart.now) >= DUE:
        return ""
    return "closed-early" if episode.ended_at is not None else "not-yet-due"


def _barred(chart: Chart, episode: Episode, known: list[Supporter]) -> str:
    """Why none of the key people could be contacted, '' when one could or when there is none."""
    whys = set()
    for one in known:
        why = _why(chart, one, episode.start + DUE)
        if not why:
            return ""
        whys.add(why)
    return min(whys, key=REASONS.index) if whys else ""


def _why(chart: Chart, one: Supporter, at: int) -> str:
    if chart.consent.is_stopped(one.reference, at):
        return "contact-stopped"
    if chart.consent.is_refused(one.reference, at):
        return "contact-refused"
    return "" if one.has_details else "no-contact-details"
