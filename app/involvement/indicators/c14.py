"""C14: carers were offered a meeting about their own needs, and got a copy of the plan that came of it.

That staff share an understanding of supporting carers whom the patient does not want involved is not in the records.
"""

from app.involvement.indicators.c12b import copies
from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.involved import carers
from app.involvement.indicators.messages import Message
from app.involvement.indicators.supporters import Supporter
from app.involvement.indicators.tasks import offered

_KIND = "own-needs-meeting"
_SUPPORT = "carer-support"


def c14(chart: Chart, episode: Episode) -> list[Case]:
    """One case for each carer of the episode; it is met by both, and each is told by itself too."""
    theirs = carers(chart, episode)
    if not theirs:
        return []
    plans = [plan for plan in chart.plans if _SUPPORT in plan.categories]
    given = copies(chart, plans, episode) if plans else []
    return [_case(chart, episode, one, [copy for copy in given if one.reference in copy.people]) for one in theirs]


def _case(chart: Chart, episode: Episode, one: Supporter, given: list[Message]) -> Case:
    offers = [offer for offer in offered(chart, one.reference, _KIND) if episode.from_referral.holds(offer.at)]
    met = bool(offers and given)
    return Case(
        one.reference,
        episode.reference,
        met=met,
        met_adjusted=met,
        rests_on=(
            episode.entry.versioned,
            one.versioned,
            *(offer.record for offer in offers),
            *(copy.entry.versioned for copy in given),
        )
        if chart.listed
        else (),
        strata=(
            ("own-needs-meeting", "offered" if offers else "not-offered"),
            ("carer-plan-copy", "given" if given else "not-given"),
        ),
    )
