"""KS-13a: key people were identified, or somebody asked and there is nobody."""

from typing import Final

from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Entry
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.involved import asked_and_nobody, key_people
from app.involvement.indicators.supporters import Supporter
from app.sharing.times import HOUR, Span

DUE: Final = 24 * HOUR


def ks_13a(chart: Chart, episode: Episode) -> list[Case]:
    """One case for the episode."""
    subject = episode.reference
    by = episode.assessed + DUE
    until = Span(episode.from_referral.low, max(by + 1, episode.from_referral.low + 1))
    known = [one for one in key_people(chart, until) if one.identified <= by]
    asked = None if known else asked_and_nobody(chart, until)
    found = "identified" if known else ("asked-nobody" if asked else "not-asked")
    return [
        Case(
            subject,
            subject,
            excluded=_excluded(chart, episode, still_time=not known and not chart.clock.has_come(by)),
            met=bool(known),
            met_adjusted=bool(known or asked),
            rests_on=_rests_on(episode, known, asked) if chart.listed else (),
            strata=(("identified", found),),
        )
    ]


def _rests_on(episode: Episode, known: list[Supporter], asked: Entry | None) -> tuple[str, ...]:
    records = (episode.entry, *known, asked, episode.assessment)
    return tuple(one.versioned for one in records if one is not None)


def _excluded(chart: Chart, episode: Episode, *, still_time: bool) -> str:
    if not episode.has_lasted(DUE, chart.clock):
        return "closed-early" if episode.is_over(chart.clock) else "not-yet-due"
    ended = {"transferred": "transferred", "died": "died"}.get(episode.ending, "")
    return ended or ("not-yet-due" if still_time else "")
