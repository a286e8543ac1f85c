"""QS189-4: adults with suicidal thoughts or plans discussed whom to involve, and the limits of confidentiality.

Who has such thoughts is for the source system to say, in codes that a setting names: Kith grades no risk.
"""

from collections.abc import Iterator
from typing import Final

from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.involved import discussions
from app.sharing.ages import reaches
from app.sharing.reading import Json, codes, mapping, objects, text
from app.sharing.times import Span, period, span

ADULT: Final = 18
TOPICS: Final = frozenset({"whom-to-involve", "limits-of-confidentiality"})


def qs189_4(chart: Chart, episode: Episode) -> list[Case]:
    """One case for the episode."""
    subject = episode.reference
    marked = list(_marks(chart, episode.time))
    held = discussions(chart, TOPICS, episode.from_referral)
    met = frozenset(topic for one in held for topic in one.topics) >= TOPICS
    excluded = _excluded(chart, episode, marked=bool(marked))
    return [
        Case(
            subject,
            subject,
            excluded=excluded,
            met=met,
            met_adjusted=met,
            rests_on=(
                episode.entry.versioned,
                *marked,
                *(one.entry.versioned for one in held),
            )
            if chart.listed
            else (),
        )
    ]


def _excluded(chart: Chart, episode: Episode, *, marked: bool) -> str:
    if not chart.local.suicidality:
        return "not-assessable"
    if not marked:
        return "not-marked"
    if _is_minor(chart, episode.start):
        return "not-adult"
    return "lacks-capacity" if chart.consent.lacks_capacity(episode.last_moment(chart.clock)) else ""


def _is_minor(chart: Chart, at: int) -> bool:
    birthdays = [reaches(patient.get("birthDate"), ADULT) for patient in chart.patients]
    known = [birthday for birthday in birthdays if birthday is not None]
    if not known:
        return chart.facts.policy.unknown_patient_age == "child"
    return max(known) > at


def _marks(chart: Chart, time: Span) -> Iterator[str]:
    """The versions of the records that say so, of those that the caller may see."""
    for record in chart.facts.flags:
        content = record.versions[-1].content
        if content is None or record.reference in chart.facts.unseen or content.get("status") == "entered-in-error":
            continue
        lasts = period(content.get("period"))
        if lasts and lasts.meets(time) and _is_mark(chart, content.get("code")):
            yield f"{record.reference}/_history/{record.versions[-1].number}"
    for entry in chart.of("RiskAssessment"):
        when = _occurred(entry.content)
        if when and when.meets(time) and (_is_mark(chart, entry.content.get("code")) or _names(chart, entry.content)):
            yield entry.versioned


def _occurred(content: Json) -> Span | None:
    return span(content.get("occurrenceDateTime")) or (
        period(content["occurrencePeriod"]) if "occurrencePeriod" in content else None
    )


def _is_mark(chart: Chart, concept: object) -> bool:
    return not chart.local.suicidality.isdisjoint(codes(concept))


def _names(chart: Chart, assessment: Json) -> bool:
    """Whether the condition that was assessed is named by one of these codes: as a logical reference, by identifier."""
    for condition in objects(assessment.get("condition")):
        identifier = mapping(condition.get("identifier"))
        if (text(identifier.get("system")), text(identifier.get("value"))) in chart.local.suicidality:
            return True
    return False
