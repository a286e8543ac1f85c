"""HOULT: how many attempts to reach the patient's circle were made around the initial assessment. A distribution."""

from typing import Final

from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Entry
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.involved import asked_and_nobody, attempts, key_people
from app.involvement.indicators.messages import Message
from app.sharing.times import HOUR, Span

AFTER: Final = 24 * HOUR
MOST: Final = 3
_SHOWN: Final = 10


def hoult(chart: Chart, episode: Episode) -> list[Case]:
    """One case for the assessment: attempts from the referral to 24 hours after it, to any supporter."""
    subject = (episode.assessment or episode.entry).reference
    window = Span(episode.from_referral.low, episode.assessed + AFTER + 1)
    made = attempts(chart, window)
    people = frozenset(person for one in made for person in one.people)
    nobody = None
    if not made and not key_people(chart, window):
        nobody = asked_and_nobody(chart, window)
    return [
        Case(
            subject,
            episode.reference,
            excluded=_excluded(chart, episode, nobody=nobody is not None),
            rests_on=_rests_on(episode, made, nobody) if chart.listed else (),
            strata=(("attempts", _many(len(made))), ("people", _many(len(people)))),
        )
    ]


def _rests_on(episode: Episode, made: list[Message], nobody: Entry | None) -> tuple[str, ...]:
    records = (episode.entry, episode.assessment, *(one.entry for one in made[:_SHOWN]), nobody)
    return tuple(one.versioned for one in records if one is not None)


def _excluded(chart: Chart, episode: Episode, *, nobody: bool) -> str:
    if nobody:
        return "nobody-exists"
    return "" if chart.clock.has_come(episode.assessed + AFTER) else "not-yet-due"


def _many(count: int) -> str:
    return str(count) if count < MOST else f"{MOST}+"
