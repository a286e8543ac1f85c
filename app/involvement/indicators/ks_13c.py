"""KS-13c: where the patient agrees, a key person was invited to a planning or review meeting."""

from typing import Final, NamedTuple

from app.fhir.words import words
from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.involved import key_people
from app.involvement.indicators.meetings import HELD_OR_BOOKED, Invitation, Meeting
from app.involvement.indicators.supporters import Supporter

KINDS: Final = words("planning-meeting review-meeting")
SCOPE: Final = "meetings"
BEST_FIRST: Final = ("attended", "invited-only", "not-invited")


class Pair(NamedTuple):
    """A key person and a meeting that this person may have been asked to; `asked` is the invitation, None for none."""

    person: Supporter
    meeting: Meeting
    asked: Invitation | None

    @property
    def came(self) -> str:
        """What came of it (attendance)."""
        if self.asked is None:
            return "not-invited"
        return "attended" if self.asked.attended else "invited-only"


def ks_13c(chart: Chart, episode: Episode) -> list[Case]:
    """One case for the episode. Consent is judged at the meeting, and for somebody invited also when that was."""
    subject = episode.reference
    held = meetings_of(chart, episode)
    known = key_people(chart, episode.time)
    pairs = [Pair(one, meeting, meeting.invited_before(one.reference)) for one in known for meeting in held]
    # The best of them tells the figures: of the others consent is asked for a list alone.
    pairs.sort(key=lambda pair: BEST_FIRST.index(pair.came))
    best = next((pair for pair in pairs if agreed(chart, episode, pair.person, pair.meeting)), None)
    return [
        Case(
            subject,
            subject,
            excluded="" if best else _excluded(chart, known, held),
            met=best is not None and best.asked is not None,
            met_adjusted=best is not None and best.asked is not None,
            rests_on=_rests_on(chart, episode, known, held) if chart.listed else (),
            strata=(("attendance", best.came if best else "not-invited"),),
        )
    ]


def _rests_on(chart: Chart, episode: Episode, known: list[Supporter], held: list[Meeting]) -> tuple[str, ...]:
    pairs = [(one, meeting) for one in known for meeting in held if agreed(chart, episode, one, meeting)]
    asked = (meeting.invited_before(one.reference) for one, meeting in pairs)
    # Where nobody might be invited, what says so.
    judged = pairs or [(one, meeting) for one in known for meeting in held]
    records = [
        *(one.versioned for one in known),
        *(meeting.entry.versioned for meeting in held),
        *(invitation.record for invitation in asked if invitation),
        *(version for one, meeting in judged for version in consents(chart, episode, one, meeting)),
    ]
    return (episode.entry.versioned, *dict.fromkeys(records))


def meetings_of(chart: Chart, episode: Episode) -> list[Meeting]:
    """The planning and review meetings of an episode that were held or are booked."""
    return [
        one
        for one in chart.meetings
        if one.start and one.start.meets(episode.time) and one.status in HELD_OR_BOOKED and one.kinds & KINDS
    ]


def agreed(chart: Chart, episode: Episode, one: Supporter, meeting: Meeting) -> bool:
    """Whether the patient agreed that this person is invited. Agreement that is withdrawn later does not undo it."""
    return any(chart.consent.permits(one.reference, SCOPE, at, episode.team) for at in _times(one, meeting))


def consents(chart: Chart, episode: Episode, one: Supporter, meeting: Meeting) -> list[str]:
    """The Consents on which it rests, of those that the caller may see."""
    assert meeting.start is not None
    return chart.consent.records(one.reference, SCOPE, meeting.start.low, episode.team)


def _times(one: Supporter, meeting: Meeting) -> list[int]:
    assert meeting.start is not None
    invited = [found.at for found in meeting.invited.get(one.reference, ()) if found.at is not None]
    return [meeting.start.low, *(at for at in invited if at < meeting.start.low)]


def _excluded(chart: Chart, known: list[Supporter], held: list[Meeting]) -> str:
    if not known:
        return "no-key-person"
    if not held:
        return "no-meeting"
    stopped = all(
        meeting.start and chart.consent.is_stopped(one.reference, meeting.start.low)
        for one in known
        for meeting in held
    )
    return "contact-stopped" if stopped else "no-consent"
