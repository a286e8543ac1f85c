"""KS-13c: where the patient agrees, a key person was invited to a planning or review meeting."""

from collections.abc import Iterable
from typing import Final

from app.fhir.words import words
from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.involved import key_people
from app.involvement.indicators.meetings import HELD_OR_BOOKED, Meeting
from app.involvement.indicators.supporters import Supporter

KINDS: Final = words("planning-meeting review-meeting")
SCOPE: Final = "meetings"


def ks_13c(chart: Chart, episode: Episode) -> list[Case]:
    """One case for the episode. Consent is judged at the meeting, and for somebody invited also when that was."""
    subject = episode.entry.reference
    held = meetings_of(chart, episode)
    known = key_people(chart, episode.time)
    pairs = [(one, meeting) for one in known for meeting in held if agreed(chart, episode, one, meeting)]
    asked = [found for one, meeting in pairs if (found := meeting.invited_before(one.reference))]
    excluded = "" if pairs else _excluded(chart, known, held)
    came = "attended" if any(one.attended for one in asked) else ("invited-only" if asked else "not-invited")
    return [
        Case(
            subject,
            subject,
            excluded=excluded,
            met=bool(asked),
            met_adjusted=bool(asked),
            rests_on=(episode.entry.versioned, *_records(chart, episode, known, held, pairs)) if chart.listed else (),
            strata=(("attendance", came),),
        )
    ]


def _records(
    chart: Chart,
    episode: Episode,
    known: list[Supporter],
    held: list[Meeting],
    pairs: list[tuple[Supporter, Meeting]],
) -> Iterable[str]:
    asked = (meeting.invited_before(one.reference) for one, meeting in pairs)
    # Where nobody might be invited, what says so.
    judged = pairs or [(one, meeting) for one in known for meeting in held]
    return dict.fromkeys(
        [
            *(one.versioned for one in known),
            *(meeting.entry.versioned for meeting in held),
            *(invitation.record for invitation in asked if invitation),
            *(version for one, meeting in judged for version in consents(chart, episode, one, meeting)),
        ]
    )


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
