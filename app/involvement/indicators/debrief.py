"""DEBRIEF: after an incident each supporter whom it affected was offered a debrief, in the time agreed locally."""

from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.incidents import Incident
from app.involvement.indicators.tasks import Offer, offered
from app.sharing.times import HOUR


def debrief(chart: Chart, episode: Episode) -> list[Case]:
    """One case for each incident of the episode, counted by its own time."""
    return [_case(chart, episode, one) for one in chart.incidents if one.at is not None and one.at.meets(episode.time)]


def _case(chart: Chart, episode: Episode, one: Incident) -> Case:
    assert one.at is not None
    due = one.at.low + chart.local.debrief_hours * HOUR
    first = {person: _first_offer(chart, person, one) for person in sorted(one.affected)}
    offers = [offer for offer in first.values() if offer]
    met = bool(first) and all(offer is not None and offer.at <= due for offer in first.values())
    excluded = "" if one.affected else "nobody-affected"
    if not excluded and not met and not chart.clock.has_come(due) and any(offer is None for offer in first.values()):
        excluded = "not-yet-due"
    return Case(
        one.reference,
        episode.reference,
        excluded=excluded,
        met=met,
        met_adjusted=met,
        rests_on=(
            episode.entry.versioned,
            one.versioned,
            *(chart.supporters[person].versioned for person in first if person in chart.supporters),
            *(offer.record for offer in offers),
        )
        if chart.listed
        else (),
        strata=(("outcome-of-offer", _outcome(list(first.values()))),),
        time=one.at,
    )


def _first_offer(chart: Chart, person: str, incident: Incident) -> Offer | None:
    """The first offer after an incident that names it, or that names no occasion of its own."""
    assert incident.at is not None
    all_of_them = frozenset(one.reference for one in chart.incidents)
    for offer in offered(chart, person, "debrief"):
        named = offer.about & all_of_them
        if incident.reference in named or (not named and offer.at >= incident.at.low):
            return offer
    return None


def _outcome(offers: list[Offer | None]) -> str:
    """What came of it, of several people the least."""
    outcomes = {offer.outcome if offer else "not-offered" for offer in offers} or {"not-offered"}
    return next(one for one in ("not-offered", "offered", "declined", "done") if one in outcomes)
