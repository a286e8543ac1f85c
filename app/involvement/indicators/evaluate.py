"""What each indicator says of a patient's episodes, and which of that a question is about."""

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from app.involvement.indicators.all import INDICATORS
from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Unreadable
from app.involvement.indicators.episodes import Episode, Untimed, episodes
from app.sharing.times import Span


class Said(NamedTuple):
    """What indicators, by id, say of one episode: when that was, and of which teams."""

    time: Span
    teams: frozenset[str]
    cases: dict[str, list[Case]]


class Told(NamedTuple):
    """What indicators say of one patient: of the episodes that have a time, and those that have none.

    `unreadable` are by indicator the records that it cannot read, where there is an episode.
    """

    episodes: list[Said]
    untimed: list[Untimed]
    unreadable: dict[str, list[Unreadable]]


class Found(NamedTuple):
    """What one indicator says of one patient, as far as it was asked."""

    indicator: str
    cases: list[Case]
    unreadable: list[Unreadable]


def tell(chart: Chart, wanted: Collection[str], counts: Callable[[Episode], bool] = lambda _: True) -> Told:
    """What each of the `wanted` indicators (by id) says of the episodes that count."""
    all_of_them, untimed = episodes(chart)
    said = [
        Said(one.time, one.teams, {id_: INDICATORS[id_].cases(chart, one) for id_ in wanted})
        for one in all_of_them
        if counts(one)
    ]
    return Told(said, untimed, _unreadable(chart, wanted) if said else {})


def choose(told: Told, wanted: Collection[str], within: Span, teams: Collection[str] = ()) -> Iterator[Found]:
    """Of that what is about a time and `teams` ("Organization/id", "CareTeam/id"; none: any).

    An episode without a readable start is listed for each time.
    """
    counted = [one for one in told.episodes if one.time.meets(within) and _is_of(one.teams, teams)]
    lost = [Unreadable(one.record, "no-time") for one in told.untimed if _is_of(one.teams, teams)]
    if not counted and not lost:
        return
    for id_ in wanted:
        cases = [case for one in counted for case in one.cases[id_] if case.time is None or case.time.meets(within)]
        yield Found(id_, cases, [*lost, *(told.unreadable[id_] if counted else ())])


def evaluate(chart: Chart, wanted: Collection[str], within: Span, teams: Collection[str] = ()) -> Iterator[Found]:
    """What each of the `wanted` indicators says of a patient's episodes of some `teams` in a time."""
    told = tell(chart, wanted, lambda one: one.time.meets(within) and _is_of(one.teams, teams))
    return choose(told, wanted, within, teams)


def _unreadable(chart: Chart, wanted: Collection[str]) -> dict[str, list[Unreadable]]:
    """What each cannot read; several ask for the same."""
    asked = {tell: tell(chart) for tell in dict.fromkeys(each for id_ in wanted for each in INDICATORS[id_].unreadable)}
    return {id_: [one for tell in INDICATORS[id_].unreadable for one in asked[tell]] for id_ in wanted}


def _is_of(one: frozenset[str], teams: Collection[str]) -> bool:
    return not teams or not one.isdisjoint(teams)
