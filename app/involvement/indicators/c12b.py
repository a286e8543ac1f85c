"""C12b: carers got the treatment plan in writing within four working days, where the patient agrees."""

from typing import Final

from app.involvement.crisis_care import HOME_TREATMENT
from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.involved import carers
from app.involvement.indicators.messages import Message
from app.involvement.indicators.plans import Plan
from app.involvement.indicators.supporters import Supporter
from app.involvement.indicators.working_days import end_after
from app.sharing.times import FOREVER

DAYS: Final = 4
SCOPE: Final = "care-plan"


def c12b(chart: Chart, episode: Episode) -> list[Case]:
    """One case for each carer of the episode. Consent is judged when the copy was given, else when it was due."""
    theirs = carers(chart, episode)
    if not theirs:
        return []
    plans = treatment_plans(chart, episode)
    made = plans[0].made.low if plans else episode.start
    due = end_after(made, DAYS, chart.local.holidays) or FOREVER
    given = copies(chart, plans, episode)
    return [
        _case(chart, episode, one, plans, [copy for copy in given if one.reference in copy.people], due)
        for one in theirs
    ]


def treatment_plans(chart: Chart, episode: Episode) -> list[Plan]:
    """The plans of crisis treatment of an episode, oldest first; where none says that it is one, all its plans."""
    current = [plan for plan in chart.plans if plan.is_of(episode.time)]
    named = [plan for plan in current if plan.is_crisis_plan or HOME_TREATMENT in plan.categories]
    return named or current


def copies(chart: Chart, plans: list[Plan], episode: Episode) -> list[Message]:
    """The written copies of one of these plans that were given in the time of an episode, oldest first."""
    named = {plan.entry.reference for plan in plans}
    return [
        message
        for message in chart.done
        if "plan-copy" in message.categories
        and message.is_written
        and message.about & named
        and message.was_within(episode.from_referral)
    ]


def _case(chart: Chart, episode: Episode, one: Supporter, plans: list[Plan], given: list[Message], due: int) -> Case:
    in_time = [copy for copy in given if copy.sent is not None and copy.sent.low < due]
    judged = [copy.sent.low for copy in given if copy.sent is not None] or [min(due, episode.last_moment(chart.clock))]
    agreed = [at for at in judged if chart.consent.permits(one.reference, SCOPE, at, episode.team)]
    return Case(
        one.reference,
        episode.reference,
        excluded=_excluded(chart, due, agreed=bool(agreed), given=bool(given)),
        met=bool(in_time),
        met_adjusted=bool(in_time),
        rests_on=(
            episode.entry.versioned,
            one.versioned,
            *(plan.entry.versioned for plan in plans),
            *(copy.entry.versioned for copy in given),
            *chart.consent.records(one.reference, SCOPE, (agreed or judged)[0], episode.team),
        )
        if chart.listed
        else (),
        strata=(("copy", "in-time" if in_time else ("late" if given else "none")),),
    )


def _excluded(chart: Chart, due: int, *, agreed: bool, given: bool) -> str:
    if not agreed:
        return "no-consent"
    return "not-yet-due" if not given and not chart.clock.has_come(due) else ""
