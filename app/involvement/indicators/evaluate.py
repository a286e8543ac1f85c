"""Which episodes of a patient are counted, and what each indicator says of them."""

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from app.involvement.indicators.all import INDICATORS
from app.involvement.indicators.case import Case
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Unreadable
from app.involvement.indicators.episodes import Episode, episodes


class Found(NamedTuple):
    """What one indicator says of one patient."""

    indicator: str
    cases: list[Case]
    unreadable: list[Unreadable]


def evaluate(chart: Chart, wanted: Collection[str], teams: Collection[str] = ()) -> Iterator[Found]:
    """What each of the `wanted` indicators (by id) says of a patient.

    Episodes are those of one of the `teams` ("Organization/id", "CareTeam/id"; none: of any) in the time that the
    figures are about. An episode without a readable start is listed for each time.
    """
    all_of_them, untimed = episodes(chart)
    counted = [one for one in all_of_them if one.time.meets(chart.within) and _is_of(one, teams)]
    lost = [one for one in untimed if not teams or not one.teams.isdisjoint(teams)]
    if not counted and not lost:
        return
    untold = [Unreadable(one.record, "no-time") for one in lost]
    unread: dict[Callable[[Chart], list[Unreadable]], list[Unreadable]] = {}
    for id_ in wanted:
        indicator = INDICATORS[id_]
        cases = [case for one in counted for case in indicator.cases(chart, one)]
        unreadable = [*untold]
        for tell in indicator.unreadable if counted else ():
            if tell not in unread:
                unread[tell] = tell(chart)
            unreadable += unread[tell]
        yield Found(id_, cases, unreadable)


def _is_of(one: Episode, teams: Collection[str]) -> bool:
    return not teams or not one.teams.isdisjoint(teams)
