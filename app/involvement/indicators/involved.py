"""Who counts in an episode: key people, carers, and whether somebody asked and there is nobody."""

from typing import Final

from app.fhir.vocabulary.social_map import LIST_CODE
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Entry, Unreadable, own
from app.involvement.indicators.episodes import Episode
from app.involvement.indicators.messages import Message
from app.involvement.indicators.supporters import CARERS, Supporter
from app.sharing.reading import codes
from app.sharing.times import Span, span

SOCIAL_MAP: Final = "social-systems-map"
EMPTY_REASON: Final = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
NOBODY: Final = frozenset({"nilknown", "withheld"})


def key_people(chart: Chart, during: Span) -> list[Supporter]:
    """The active supporters who hold a key role at some time within, by reference."""
    if during not in chart.key_people:
        roles = chart.local.key_roles
        chart.key_people[during] = [one for one in chart.supporters.values() if one.is_key(roles, during)]
    return chart.key_people[during]


def carers(chart: Chart, episode: Episode) -> list[Supporter]:
    """Those who give care, and other key people who have a part in a plan of the episode."""
    if episode.reference not in chart.carers:
        chart.carers[episode.reference] = _carers(chart, episode)
    return chart.carers[episode.reference]


def _carers(chart: Chart, episode: Episode) -> list[Supporter]:
    parts = {part.supporter for plan in chart.plans if plan.is_of(episode.time) for part in plan.taken}
    return [
        one
        for one in chart.supporters.values()
        if one.is_key(CARERS, episode.time)
        or (one.reference in parts and one.is_key(chart.local.key_roles, episode.time))
    ]


def asked_and_nobody(chart: Chart, within: Span) -> Entry | None:
    """The record of having asked, within that time, and that there is nobody or nobody is to be named."""
    for entry in chart.of("List"):
        dated = span(entry.content.get("date"))
        if _is_empty_map(entry) and dated is not None and dated.meets(within):
            return entry
    return None


def undated_maps(chart: Chart) -> list[Unreadable]:
    """The records of having asked in vain that do not say when."""
    return [
        Unreadable(entry.versioned, "no-time")
        for entry in chart.of("List")
        if _is_empty_map(entry) and span(entry.content.get("date")) is None
    ]


def attempts(chart: Chart, within: Span, people: frozenset[str] | None = None) -> list[Message]:
    """The attempts to reach a supporter (one of `people`; None: any of the patient) within a time, oldest first."""
    return [
        one
        for one in chart.attempts
        if one.was_within(within) and (people is None or not one.people.isdisjoint(people))
    ]


def discussions(chart: Chart, topics: frozenset[str], within: Span) -> list[Message]:
    """The talks with the patient about one of these topics within a time, oldest first."""
    return [
        one
        for one in chart.done
        if "discussion" in one.categories
        and one.topics & topics
        and one.was_within(within)
        and _is_with_patient(chart, one)
    ]


def _is_with_patient(chart: Chart, one: Message) -> bool:
    """Whether the patient is named in it, or no supporter is: a talk with a mother alone asked the patient nothing."""
    if not one.people and not one.has_strangers:
        return True
    return any(chart.names_the_patient(one.entry.content.get(name)) for name in ("recipient", "sender"))


def _is_empty_map(entry: Entry) -> bool:
    if SOCIAL_MAP not in own(entry.content.get("code"), LIST_CODE):
        return False
    reasons = {code for system, code in codes(entry.content.get("emptyReason")) if system == EMPTY_REASON}
    return not reasons.isdisjoint(NOBODY)
