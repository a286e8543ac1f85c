"""NICE-AB: carers were told of local support and of the right to an assessment, by word of mouth and in writing.

Also those whom the patient does not want involved: it is general information, and owed to them.
"""

from typing import Final

from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.involved import carers
from app.involvement.indicators.messages import Message
from app.involvement.indicators.supporters import Supporter

TOPICS: Final = ("local-support-groups", "carers-assessment-right")
_CATEGORIES: Final = frozenset({"information-given", "advice-to-carer"})


def nice_ab(chart: Chart, episode: Episode) -> list[Case]:
    """One case for each carer of the episode."""
    theirs = carers(chart, episode)
    if not theirs:
        return []
    told = [
        message
        for message in chart.done
        if message.categories & _CATEGORIES and message.was_within(episode.from_referral)
    ]
    return [_case(chart, episode, one, [each for each in told if one.reference in each.people]) for one in theirs]


def _case(chart: Chart, episode: Episode, one: Supporter, given: list[Message]) -> Case:
    verbal = {topic for message in given if message.is_verbal for topic in message.topics}
    written = {topic for message in given if message.is_written for topic in message.topics}
    told = verbal.issuperset(TOPICS), written.issuperset(TOPICS)
    at = episode.last_moment(chart.clock)
    barred = chart.consent.is_not_to_be_contacted(one.reference, at)
    return Case(
        one.reference,
        episode.reference,
        excluded="do-not-contact" if barred else "",
        met=all(told),
        met_adjusted=all(told),
        rests_on=(
            episode.entry.versioned,
            one.versioned,
            *(message.entry.versioned for message in given),
        )
        if chart.listed
        else (),
        strata=(("told", {(True, True): "both", (True, False): "verbal-only", (False, True): "written-only"}.get(
            told, "incomplete")),),
    )  # fmt: skip
